using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>
/// Token numbers to the states that the denoiser attends to (Radford et al. 2021, arXiv:2103.00020). Holds names and shapes, not numbers. Immutable.
/// </summary>
public sealed class ClipTextModel
{
    private readonly Parameter _tokenEmbedding;
    private readonly Parameter _positionEmbedding;
    private readonly ClipEncoderLayer[] _layers;
    private readonly LayerNorm _finalLayerNorm;

    /// <summary>Looks up all weights.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="scope">Where <c>embeddings</c>, <c>encoder</c> and <c>final_layer_norm</c> are (in published models: <c>text_model</c>).</param>
    /// <exception cref="CheckpointException">A weight is missing or has another shape.</exception>
    public ClipTextModel(ClipTextConfig config, WeightScope scope)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        _tokenEmbedding = scope["embeddings.token_embedding"].Get("weight", config.VocabSize, config.HiddenSize);
        _positionEmbedding = scope["embeddings.position_embedding"].Get("weight", config.MaxPositionEmbeddings, config.HiddenSize);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(i => new ClipEncoderLayer(scope["encoder.layers"][i], config))];
        _finalLayerNorm = new LayerNorm(scope["final_layer_norm"], config.HiddenSize, (float)config.LayerNormEps);
    }

    /// <summary>The sizes.</summary>
    public ClipTextConfig Config { get; }

    /// <summary>Records the embeddings and the first layers.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="tokens">[N, S].</param>
    /// <param name="extra">[E, D]: textual-inversion rows for token numbers vocab_size, vocab_size + 1, …; or null.</param>
    /// <param name="layers">The number of layers to run; all by default.</param>
    /// <returns>hidden_states as transformers counts them: the embeddings, then the result of each layer, each [N, S, D].</returns>
    public IReadOnlyList<PlanTensor> HiddenStates(PlanBuilder ops, PlanTensor tokens, PlanTensor? extra = null, int? layers = null)
    {
        ArgumentNullException.ThrowIfNull(ops);
        var hidden = new List<PlanTensor> { ops.TokenEmbedding(tokens, extra, _tokenEmbedding, _positionEmbedding) };
        for (int i = 0; i < (layers ?? _layers.Length); i++)
        {
            using PlanScope part = ops.BeginScope($"encoder.layers.{i}");
            hidden.Add(part.Returns(_layers[i].Forward(ops, hidden[^1])));
        }

        return hidden;
    }

    /// <summary>Records the final layer norm.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="hidden">[N, S, D].</param>
    public PlanTensor FinalLayerNorm(PlanBuilder ops, PlanTensor hidden) => _finalLayerNorm.Forward(ops, hidden);

    /// <summary>Records the whole model.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="tokens">[N, S].</param>
    /// <param name="extra">[E, D] textual-inversion rows, or null.</param>
    /// <param name="skip">The number of last layers to skip (A1111's clip skip minus one; diffusers' clip_skip).</param>
    /// <returns>[N, S, D].</returns>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor tokens, PlanTensor? extra = null, int skip = 0)
    {
        if (skip < 0 || skip >= Config.NumHiddenLayers)
            throw new ArgumentOutOfRangeException(
                nameof(skip), skip, $"The text encoder has {Config.NumHiddenLayers} layers; 0 to {Config.NumHiddenLayers - 1} of them can be skipped.");
        return FinalLayerNorm(ops, HiddenStates(ops, tokens, extra, Config.NumHiddenLayers - skip)[^1]);
    }
}
