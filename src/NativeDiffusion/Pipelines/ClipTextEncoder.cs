using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;

namespace NativeDiffusion.Pipelines;

/// <summary>Runs CLIP's text model; the device caches a plan for each shape.</summary>
public sealed class ClipTextEncoder : ITextEncoder
{
    private readonly IComputeDevice _device;
    private readonly ClipTextModel _clip;

    /// <summary>Binds the model to a device; weights are packed at the first use.</summary>
    /// <param name="device">The device; must outlive this object.</param>
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

    /// <summary>Size of the vocabulary.</summary>
    public int VocabularySize => _clip.Config.VocabSize;

    /// <summary>Token ids to states.</summary>
    /// <param name="tokens">[N, S], row-major; ids beyond the vocabulary select rows of <paramref name="extra"/>.</param>
    /// <param name="rows">N.</param>
    /// <param name="extra">[E, D] textual-inversion vectors, or null.</param>
    /// <param name="skip">Number of last layers that are skipped.</param>
    /// <param name="cancellationToken">Checked between operations.</param>
    /// <returns>[N, S, D] after the final layer norm.</returns>
    public Tensor Encode(ReadOnlySpan<int> tokens, int rows, Tensor? extra, int skip, CancellationToken cancellationToken)
    {
        int extraRows = extra?.Shape[0] ?? 0, length = tokens.Length / rows;
        using PlanLease<TextGraph> lease = _device.Plans.Lease(
            new PlanKey(_clip, "text", (rows, length, skip, extraRows)), () => Graph(_clip, rows, length, skip, extraRows), made => made.Graph,
            cancellationToken);
        (TextGraph text, ICompiledPlan plan) = (lease.Described, lease.Plan);
        plan.Input(text.Tokens).CopyFrom(tokens);
        if (extra is not null) plan.Input(text.Extra!).CopyFrom(extra.Data);
        plan.Run(cancellationToken: cancellationToken);
        return plan.Output(text.States).ToTensor();
    }

    /// <summary>The text model's graph for a shape.</summary>
    internal static TextGraph Graph(ClipTextModel clip, int rows, int tokens, int skip, int extraRows)
    {
        var ops = new PlanBuilder();
        PlanInput<int> ids = ops.InputTokens("tokens", new TensorShape(rows, tokens));
        PlanInput<float>? vectors = extraRows == 0 ? null : ops.Input("extra", new TensorShape(extraRows, clip.Config.HiddenSize));
        PlanOutput states = ops.Output("out", clip.Forward(ops, ids.Value, vectors?.Value, skip));
        return new TextGraph(ops.Build(), ids, vectors, states);
    }

    /// <summary>The text model's graph with its handles.</summary>
    internal sealed record TextGraph(Graph Graph, PlanInput<int> Tokens, PlanInput<float>? Extra, PlanOutput States);
}
