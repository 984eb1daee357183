using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models.Layers;

/// <summary>Group normalisation (arXiv:1803.08494).</summary>
/// <param name="scope">Where <c>weight</c> and <c>bias</c> [C] are.</param>
/// <param name="channels">C.</param>
/// <param name="groups">Divides C.</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed class GroupNorm(WeightScope scope, int channels, int groups, float epsilon)
{
    private readonly Parameter _weight = scope.Get("weight", channels);
    private readonly Parameter _bias = scope.Get("bias", channels);

    /// <summary>[N, H, W, C] → the same shape.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x, bool silu = false) => ops.GroupNorm(x, _weight, _bias, groups, epsilon, silu);
}
