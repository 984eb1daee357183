using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models.Layers;

/// <summary>y = x · Wᵀ + b.</summary>
/// <param name="scope">Where <c>weight</c> [O, I] and <c>bias</c> [O] are.</param>
/// <param name="inputs">I.</param>
/// <param name="outputs">O.</param>
/// <param name="bias">Whether there is a bias.</param>
internal sealed class Linear(WeightScope scope, int inputs, int outputs, bool bias = true)
{
    private readonly Parameter _weight = scope.Get("weight", outputs, inputs);
    private readonly Parameter? _bias = bias ? scope.Get("bias", outputs) : null;

    /// <summary>[..., I] → [..., O].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x) => ops.Linear(x, _weight, _bias);
}
