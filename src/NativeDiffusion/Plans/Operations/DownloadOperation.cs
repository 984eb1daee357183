namespace NativeDiffusion.Plans.Operations;

/// <summary>Hands a value to the host under a name: rank 4 leaves as [N, C, H, W], all else as it stands.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Source">The value.</param>
public sealed record DownloadOperation(string Name, PlanTensor Source) : Operation(Source)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [Source];
}
