namespace NativeDiffusion.Plans.Operations;

/// <summary>a + b. Where b is [N, C] and a is a picture, b is added to every pixel of picture n.</summary>
/// <param name="A">[N, H, W, C] or [N, S, C].</param>
/// <param name="B">The shape of A, or [N, C].</param>
/// <param name="Output">The shape of A.</param>
public sealed record AddOperation(PlanTensor A, PlanTensor B, PlanTensor Output) : Operation(Output)
{
    /// <summary>Whether B is one row a picture.</summary>
    public bool IsBroadcast => A.Shape != B.Shape;

    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [A, B];
}
