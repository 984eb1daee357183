using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>A model folder's text encoder, run on a device for golden texts; its tokenizer beside it.</summary>
internal sealed class PlanTextEncoder : ITextEncoder, IDisposable
{
    private readonly Dictionary<(int Rows, int Extra, int Skip), ICompiledPlan> _plans = [];
    private readonly CpuDevice _device;
    private readonly IWeightFile _weights;
    private readonly ClipTextModel _clip;

    /// <summary>Opens a diffusers folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or is not what it must be.</exception>
    public PlanTextEncoder(string model, int threads)
    {
        string folder = Path.Combine(model, "text_encoder");
        string config = Path.Combine(folder, "config.json");
        ClipTextConfig sizes = ClipTextConfig.Parse(LenientJson.ReadFile(config), config);
        string tokenizer = Path.Combine(model, "tokenizer");
        Tokenizer = Directory.Exists(tokenizer) ? ClipTokenizer.Open(tokenizer) : ClipTokenizer.CreateDefault();
        _weights = WeightFile.Open(Path.Combine(folder, "model.safetensors"));
        try
        {
            var scope = new WeightScope(_weights);
            _clip = new ClipTextModel(sizes, scope["text_model"].Has("embeddings.token_embedding.weight") ? scope["text_model"] : scope);
            _device = new CpuDevice(threads);
        }
        catch
        {
            _weights.Dispose();
            throw;
        }
    }

    /// <summary>The model's tokenizer.</summary>
    public ClipTokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public int Width => _clip.Config.HiddenSize;

    /// <inheritdoc/>
    public int VocabularySize => _clip.Config.VocabSize;

    /// <inheritdoc/>
    public Tensor Encode(ReadOnlySpan<int> tokens, int rows, Tensor? extra, int skip, CancellationToken cancellationToken)
    {
        int extraRows = extra?.Shape[0] ?? 0;
        if (!_plans.TryGetValue((rows, extraRows, skip), out ICompiledPlan? plan))
        {
            var ops = new PlanBuilder();
            PlanTensor ids = ops.UploadTokens("tokens", new TensorShape(rows, tokens.Length / rows));
            PlanTensor? vectors = extra is null ? null : ops.Upload("extra", extra.Shape);
            ops.Download("out", _clip.Forward(ops, ids, vectors, skip));
            plan = _device.Compile(ops.Build(), cancellationToken: cancellationToken);
            _plans.Add((rows, extraRows, skip), plan);
        }

        plan.SetTokens("tokens", tokens);
        if (extra is not null) plan.Set("extra", extra.Data);
        plan.Run(cancellationToken: cancellationToken);
        Tensor states = plan.Get("out");
        return new Tensor(states.Shape, [.. states.Data]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ICompiledPlan plan in _plans.Values) plan.Dispose();
        _device.Dispose();
        _weights.Dispose();
    }
}
