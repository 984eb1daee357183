using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>A gated layer of four times the width and a projection back (GEGLU, Shazeer 2020, arXiv:2002.05202).</summary>
/// <param name="scope">Where <c>net.0.proj</c> and <c>net.2</c> are.</param>
/// <param name="channels">The width.</param>
internal sealed class FeedForward(WeightScope scope, int channels)
{
    private readonly Linear _proj = new(scope["net.0.proj"], channels, 8 * channels);
    private readonly Linear _out = new(scope["net.2"], 4 * channels, channels);

    /// <summary>[N, S, C] → [N, S, C].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x) => _out.Forward(ops, ops.Activate(_proj.Forward(ops, x), Activation.GeGlu));
}
