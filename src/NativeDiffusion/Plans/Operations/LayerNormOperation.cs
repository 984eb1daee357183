using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans;

/// <summary>Normalizes each row to mean 0 and variance 1, then scaled and shifted (Ba et al. 2016, arXiv:1607.06450).</summary>
/// <param name="X">[..., C].</param>
/// <param name="Weight">[C].</param>
/// <param name="Bias">[C].</param>
/// <param name="Output">The shape of X.</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record LayerNormOperation(PlanTensor X, Parameter Weight, Parameter Bias, PlanTensor Output, float Epsilon) : Operation(Output)
{
    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs => [X];

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) => this with { X = map(X) };
}
