namespace NativeDiffusion.Plans;

/// <summary>softmax(q kᵀ / √d) v for each head (Vaswani et al. 2017, arXiv:1706.03762).</summary>
/// <param name="Query">[N, S, C].</param>
/// <param name="Key">[N, T, C].</param>
/// <param name="Value">[N, T, C].</param>
/// <param name="Output">[N, S, C].</param>
/// <param name="Heads">Number of heads; divides C.</param>
/// <param name="Causal">Whether token s attends to tokens 0..s only.</param>
internal sealed record AttentionOperation(PlanTensor Query, PlanTensor Key, PlanTensor Value, PlanTensor Output, int Heads, bool Causal) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [Query, Key, Value];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { Query = map(Query), Key = map(Key), Value = map(Value) };
}
