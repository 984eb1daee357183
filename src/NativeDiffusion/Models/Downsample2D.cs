using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>A 3x3 convolution of stride 2.</summary>
/// <param name="scope">Where <c>conv</c> is.</param>
/// <param name="channels">In and out.</param>
/// <param name="padding">1 on all sides (UNet), or 0: then one row and column of zeros below and to the right (VAE encoder).</param>
internal sealed class Downsample2D(WeightScope scope, int channels, int padding)
{
    private readonly Conv2d _conv = new(scope["conv"], channels, channels, 3, 2, padding, padding == 0 ? 1 : 0);

    /// <summary>[N, H, W, C] → half the size.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x) => _conv.Forward(ops, x);
}
