using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans.Operations;

/// <summary>
/// A linear layer or convolution with all that was joined to it:
/// y = activation(Σ segments + Σ biases + imageBias) + residual.
/// </summary>
/// <param name="Segments">What is multiplied and summed.</param>
/// <param name="Biases">For each stack of rows the biases that are added ([rows]); a missing bias is zero.</param>
/// <param name="Outputs">How many rows the matrices have: the width before GEGLU halves it.</param>
/// <param name="Output">[N, H', W', C] or [N, S, C].</param>
public sealed record MatrixOperation(IReadOnlyList<MatrixSegment> Segments, IReadOnlyList<IReadOnlyList<Parameter>> Biases, int Outputs, PlanTensor Output)
    : Operation(Output)
{
    /// <summary>[N, C], added to every pixel of picture n (the time embedding), or null.</summary>
    public PlanTensor? ImageBias { get; init; }

    /// <summary>Applied before the residual.</summary>
    public Activation Activation { get; init; }

    /// <summary>Added last, the output's shape, or null.</summary>
    public PlanTensor? Residual { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<PlanTensor> Inputs
    {
        get
        {
            foreach (MatrixSegment segment in Segments) yield return segment.Source;
            if (ImageBias is not null) yield return ImageBias;
            if (Residual is not null) yield return Residual;
        }
    }
}
