namespace NativeDiffusion.Plans.Operations;

/// <summary>Nearest neighbour to a given size: source row = floor(row · H / H'). Virtual: the convolution that reads it looks into the small picture.</summary>
/// <param name="X">[N, H, W, C].</param>
/// <param name="Output">[N, H', W', C].</param>
public sealed record UpsampleOperation(PlanTensor X, PlanTensor Output) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];
}
