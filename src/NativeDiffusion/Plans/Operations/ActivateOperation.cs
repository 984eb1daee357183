using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>An activation by itself; most are joined to the product before them.</summary>
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
