namespace NativeDiffusion.Plans;

/// <summary>Mean and biased variance of each group of channels of each picture.</summary>
/// <param name="X">[N, H, W, C].</param>
/// <param name="Output">[N, 2 · groups], float32: mean and variance of group 0, of group 1, …</param>
/// <param name="Groups">Number of groups; divides the channels.</param>
internal sealed record GroupStatisticsOperation(PlanTensor X, PlanTensor Output, int Groups) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { X = map(X) };
}
