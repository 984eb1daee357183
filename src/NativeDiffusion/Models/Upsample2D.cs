using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Nearest neighbour to a size, then a 3x3 convolution.</summary>
/// <param name="scope">Where <c>conv</c> is.</param>
/// <param name="channels">In and out.</param>
internal sealed class Upsample2D(WeightScope scope, int channels)
{
    private readonly Conv2d _conv = new(scope["conv"], channels, channels, 3);

    /// <summary>[N, H, W, C] → [N, height, width, C].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x, int height, int width) => _conv.Forward(ops, ops.UpsampleNearest(x, height, width));
}
