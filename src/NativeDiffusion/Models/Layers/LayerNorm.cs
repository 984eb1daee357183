using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models.Layers;

/// <summary>Layer normalisation (arXiv:1607.06450).</summary>
/// <param name="scope">Where <c>weight</c> and <c>bias</c> [C] are.</param>
/// <param name="channels">C.</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class LayerNorm(WeightScope scope, int channels, float epsilon = 1e-5f)
{
    private readonly Parameter _weight = scope.Get("weight", channels);
    private readonly Parameter _bias = scope.Get("bias", channels);

    /// <summary>[..., C] → the same shape.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x) => ops.LayerNorm(x, _weight, _bias, epsilon);
}
