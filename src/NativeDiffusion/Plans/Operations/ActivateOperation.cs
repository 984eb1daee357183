using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>A separate activation; most are fused into the preceding product.</summary>
/// <param name="X">[..., C].</param>
/// <param name="Activation">The function.</param>
/// <param name="Output">The shape of X, half as wide for GEGLU.</param>
internal sealed record ActivateOperation(PlanTensor X, Activation Activation, PlanTensor Output) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { X = map(X) };
}
