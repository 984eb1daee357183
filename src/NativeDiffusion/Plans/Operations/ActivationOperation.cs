namespace NativeDiffusion.Plans.Operations;

/// <summary>An activation that no product could take into its epilogue.</summary>
/// <param name="X">[..., C].</param>
/// <param name="Activation">The function.</param>
/// <param name="Output">The shape of X, half as wide for GEGLU.</param>
public sealed record ActivationOperation(PlanTensor X, Activation Activation, PlanTensor Output) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];
}
