using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>Runs CLIP's text model; keeps one plan for each clip skip and number of extra embeddings.</summary>
internal sealed class ClipTextEncoder(IComputeDevice device, ClipTextModel clip) : IDisposable
{
    private readonly Dictionary<(int Rows, int Skip, int Extra), ICompiledPlan> _plans = [];

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
            plan = device.Compile(Describe(rows, tokens.Length / rows, skip, extraRows), cancellationToken: cancellationToken);
            _plans.Add((rows, skip, extraRows), plan);
        }

        plan.SetTokens("tokens", tokens);
        if (extra is not null) plan.Set("extra", extra.Data);
        plan.Run(cancellationToken: cancellationToken);
        Tensor made = plan.Get("out");
        return new Tensor(made.Shape, [.. made.Data]);
    }

    /// <summary>The plan for a shape, without weights or memory.</summary>
    public Plan Describe(int rows, int tokens, int skip, int extraRows)
    {
        var ops = new PlanBuilder();
        PlanTensor numbers = ops.UploadTokens("tokens", new TensorShape(rows, tokens));
        PlanTensor? vectors = extraRows == 0 ? null : ops.Upload("extra", new TensorShape(extraRows, clip.Config.HiddenSize));
        ops.Download("out", clip.Forward(ops, numbers, vectors, skip));
        return ops.Build();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ICompiledPlan plan in _plans.Values) plan.Dispose();
        _plans.Clear();
    }
}
