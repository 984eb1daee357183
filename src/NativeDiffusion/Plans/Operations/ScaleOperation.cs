namespace NativeDiffusion.Plans.Operations;

/// <summary>x · factor + shift.</summary>
/// <param name="X">Any shape.</param>
/// <param name="Factor">Multiplies first.</param>
/// <param name="Shift">Added last.</param>
/// <param name="Output">The shape of X.</param>
public sealed record ScaleOperation(PlanTensor X, float Factor, float Shift, PlanTensor Output) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];
}
