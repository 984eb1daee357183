namespace NativeDiffusion.Plans;

/// <summary>
/// Nearest neighbour to a given size: source row = floor(row · H / H'). Removed if its consumers are convolutions that read the smaller
/// picture.
/// </summary>
/// <param name="X">[N, H, W, C].</param>
/// <param name="Output">[N, H', W', C].</param>
internal sealed record UpsampleNearestOperation(PlanTensor X, PlanTensor Output) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { X = map(X) };
}
