namespace NativeDiffusion.Plans.Operations;

/// <summary>Channels of A, then channels of B. Virtual where all its readers can take two sources.</summary>
/// <param name="A">[N, H, W, C].</param>
/// <param name="B">[N, H, W, C2].</param>
/// <param name="Output">[N, H, W, C + C2].</param>
public sealed record ConcatOperation(PlanTensor A, PlanTensor B, PlanTensor Output) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [A, B];
}
