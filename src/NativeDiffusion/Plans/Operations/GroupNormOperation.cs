using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans;

/// <summary>
/// Normalizes each group of channels of each picture to mean 0 and variance 1, then scaled and shifted (Wu and He 2018, arXiv:1803.08494), then
/// optionally SiLU.
/// </summary>
/// <param name="X">[N, H, W, C].</param>
/// <param name="X2">[N, H, W, C2], the second source of a concatenation, or null.</param>
/// <param name="Weight">[C + C2].</param>
/// <param name="Bias">[C + C2].</param>
/// <param name="Output">[N, H, W, C + C2].</param>
/// <param name="Groups">Number of groups; divides the channels.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Silu">Whether SiLU follows.</param>
internal sealed record GroupNormOperation(
    PlanTensor X, PlanTensor? X2, Parameter Weight, Parameter Bias, PlanTensor Output, int Groups, float Epsilon, bool Silu)
    : Operation(Output)
{
    /// <summary>[N, 2 · groups], float32: mean and biased variance of each group to use instead of the values' own; or null.</summary>
    public PlanTensor? Statistics { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs
    {
        get
        {
            yield return X;
            if (X2 is not null) yield return X2;
            if (Statistics is not null) yield return Statistics;
        }
    }

    /// <inheritdoc/>
    public override Operation WithInputs(Func<PlanTensor, PlanTensor> map) =>
        this with { X = map(X), X2 = X2 is null ? null : map(X2), Statistics = Statistics is null ? null : map(Statistics) };
}
