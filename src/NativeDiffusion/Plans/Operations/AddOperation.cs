namespace NativeDiffusion.Plans;

/// <summary>a + b. Where b is [N, C] and a is not, b is added to every row of sample n.</summary>
/// <param name="A">[N, H, W, C] or [N, S, C].</param>
/// <param name="B">The shape of A, or [N, C].</param>
/// <param name="Output">The shape of A.</param>
internal sealed record AddOperation(PlanTensor A, PlanTensor B, PlanTensor Output) : Operation(Output)
{
    /// <summary>Whether B is one row per sample.</summary>
    public bool IsBroadcast => A.Shape != B.Shape;

    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [A, B];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { A = map(A), B = map(B) };
}
