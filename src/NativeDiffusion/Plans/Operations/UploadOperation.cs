namespace NativeDiffusion.Plans.Operations;

/// <summary>Brings a named input from the host: rank 4 arrives as [N, C, H, W] and becomes [N, H, W, C], all else as it stands.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Output">The value.</param>
/// <param name="Stable">Whether it seldom changes between runs (a prompt): what depends on stable inputs alone is computed once.</param>
/// <param name="IsTokens">Whether it holds token numbers (int32) and not float32.</param>
public sealed record UploadOperation(string Name, PlanTensor Output, bool Stable, bool IsTokens) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [];
}
