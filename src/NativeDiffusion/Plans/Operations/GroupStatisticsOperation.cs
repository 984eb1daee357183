namespace NativeDiffusion.Plans.Operations;

/// <summary>Mean and biased variance of each group of channels of each picture.</summary>
/// <param name="X">[N, H, W, C].</param>
/// <param name="Output">[N, 2 · groups].</param>
/// <param name="Groups">How many groups share the channels.</param>
public sealed record GroupStatisticsOperation(PlanTensor X, PlanTensor Output, int Groups) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];
}
