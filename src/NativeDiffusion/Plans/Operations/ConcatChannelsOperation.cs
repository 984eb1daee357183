namespace NativeDiffusion.Plans;

/// <summary>Channels of A, then channels of B. Removed if all its consumers accept two sources.</summary>
/// <param name="A">[N, H, W, C].</param>
/// <param name="B">[N, H, W, C2].</param>
/// <param name="Output">[N, H, W, C + C2].</param>
internal sealed record ConcatChannelsOperation(PlanTensor A, PlanTensor B, PlanTensor Output) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [A, B];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { A = map(A), B = map(B) };
}
