using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;

namespace NativeDiffusion.Pipelines;

/// <summary>Runs CLIP's text model; keeps one plan for each clip skip and number of extra embeddings.</summary>
public sealed class ClipTextEncoder : ITextEncoder, IDisposable
{
    private readonly IComputeDevice _device;
    private readonly ClipTextModel _clip;
    private readonly Dictionary<(int Rows, int Skip, int Extra), ICompiledPlan> _plans = [];

    /// <summary>Puts the model on a device; weights are laid out at the first use.</summary>
    /// <param name="device">Where it runs; must live longer.</param>
    /// <param name="clip">The model.</param>
    public ClipTextEncoder(IComputeDevice device, ClipTextModel clip)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(clip);
        _device = device;
        _clip = clip;
    }

    /// <summary>The width of the states, and of an embedding's vectors.</summary>
    public int Width => _clip.Config.HiddenSize;

    /// <summary>How many tokens the embedding table has.</summary>
    public int VocabularySize => _clip.Config.VocabSize;

    /// <summary>Token numbers to states.</summary>
    /// <param name="tokens">[N, S], row-major; numbers from the vocabulary's size on stand for rows of <paramref name="extra"/>.</param>
    /// <param name="rows">N.</param>
    /// <param name="extra">[E, D] textual-inversion vectors, or null.</param>
    /// <param name="skip">How many of the last layers are left out.</param>
    /// <param name="cancellationToken">Looked at between operations.</param>
    /// <returns>[N, S, D] after the final layer norm.</returns>
    public Tensor Encode(ReadOnlySpan<int> tokens, int rows, Tensor? extra, int skip, CancellationToken cancellationToken)
    {
        int extraRows = extra?.Shape[0] ?? 0;
        if (!_plans.TryGetValue((rows, skip, extraRows), out ICompiledPlan? plan))
        {
            plan = _device.Compile(Describe(rows, tokens.Length / rows, skip, extraRows), cancellationToken: cancellationToken);
            _plans.Add((rows, skip, extraRows), plan);
        }

        plan.SetTokens("tokens", tokens);
        if (extra is not null) plan.Set("extra", extra.Data);
        plan.Run(cancellationToken: cancellationToken);
        Tensor made = plan.Get("out");
        return new Tensor(made.Shape, [.. made.Data]);
    }

    /// <summary>The plan for a shape, without weights or memory.</summary>
    internal Plan Describe(int rows, int tokens, int skip, int extraRows)
    {
        var ops = new PlanBuilder();
        PlanTensor numbers = ops.UploadTokens("tokens", new TensorShape(rows, tokens));
        PlanTensor? vectors = extraRows == 0 ? null : ops.Upload("extra", new TensorShape(extraRows, _clip.Config.HiddenSize));
        ops.Download("out", _clip.Forward(ops, numbers, vectors, skip));
        return ops.Build();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ICompiledPlan plan in _plans.Values) plan.Dispose();
        _plans.Clear();
    }
}
