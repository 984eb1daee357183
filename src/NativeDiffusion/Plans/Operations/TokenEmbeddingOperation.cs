using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans;

/// <summary>
/// y[n, s] = table[token] + positions[s]; tokens beyond the vocabulary use the rows of <paramref name="Extra"/> (textual inversion).
/// </summary>
/// <param name="Tokens">[N, S], int32.</param>
/// <param name="Extra">[E, D] or null.</param>
/// <param name="Table">[V, D].</param>
/// <param name="Positions">[at least S, D].</param>
/// <param name="Output">[N, S, D].</param>
internal sealed record TokenEmbeddingOperation(PlanTensor Tokens, PlanTensor? Extra, Parameter Table, Parameter Positions, PlanTensor Output)
    : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => Extra is null ? [Tokens] : [Tokens, Extra];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) =>
        this with { Tokens = map(Tokens), Extra = Extra is null ? null : map(Extra) };
}
