using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models.Layers;

/// <summary>A convolution with a square window.</summary>
/// <param name="scope">Where <c>weight</c> [O, I, k, k] and <c>bias</c> [O] are.</param>
/// <param name="inputs">I.</param>
/// <param name="outputs">O.</param>
/// <param name="kernel">k.</param>
/// <param name="stride">Step between windows.</param>
/// <param name="padding">Zeros on every side; half the window unless given.</param>
/// <param name="extraBottomRight">Further zeros below and to the right.</param>
internal sealed class Conv2d(WeightScope scope, int inputs, int outputs, int kernel, int stride = 1, int? padding = null, int extraBottomRight = 0)
{
    private readonly Parameter _weight = scope.Get("weight", outputs, inputs, kernel, kernel);
    private readonly Parameter _bias = scope.Get("bias", outputs);

    /// <summary>[N, H, W, I] → [N, H', W', O].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x) => ops.Conv2d(x, _weight, _bias, stride, padding ?? kernel / 2, extraBottomRight);
}
