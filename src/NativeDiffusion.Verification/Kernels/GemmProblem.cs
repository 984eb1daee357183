using System.Globalization;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>A matrix product: y = activation(Σ over segments of a · bᵀ + bias) + residual.</summary>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Outputs">Its columns.</param>
/// <param name="Depths">Depths of the segments.</param>
internal sealed record GemmProblem(int Rows, int Outputs, IReadOnlyList<int> Depths)
{
    public bool HasBias { get; init; }

    public bool HasResidual { get; init; }

    /// <summary>True where the residual has memory of its own; false where it is the result.</summary>
    public bool IsResidualApart { get; init; }

    public Activation Activation { get; init; }

    /// <summary>True for numbers whose products and sums are exact in every order: -2 to 2; false for any in [-1, 1).</summary>
    public bool HasIntegers { get; init; } = true;

    /// <summary>True for contiguous rows, as in a network; false for gaps between rows, which a kernel must not access.</summary>
    public bool IsDense { get; init; }

    /// <summary>Sizes and epilogue in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Rows}x{Outputs}x({string.Join('+', Depths)})")
            + (HasBias ? " bias" : "") + (Activation == Activation.Silu ? " SiLU" : "") + (HasResidual ? IsResidualApart ? " residual" : " in place" : "");
}

/// <summary>A product's numbers, always the same for a problem.</summary>
internal sealed class GemmData
{
    private readonly KernelNumbers _numbers = new(5);

    public GemmData(GemmProblem problem)
    {
        A = [.. problem.Depths.Select(depth => Halves(problem.Rows * depth, problem.HasIntegers))];
        B = [.. problem.Depths.Select(depth => Halves(problem.Outputs * depth, problem.HasIntegers))];
        Bias = Floats(Halves(problem.Outputs, problem.HasIntegers));
        Residual = Halves(problem.Rows * problem.Outputs, problem.HasIntegers);
    }

    /// <summary>[rows, depth] of each segment.</summary>
    public IReadOnlyList<Half[]> A { get; }

    /// <summary>[outputs, depth] of each segment.</summary>
    public IReadOnlyList<Half[]> B { get; }

    /// <summary>[outputs].</summary>
    public float[] Bias { get; }

    /// <summary>[rows, outputs].</summary>
    public Half[] Residual { get; }

    public static float[] Floats(Half[] halves) => [.. halves.Select(value => (float)value)];

    private Half[] Halves(int count, bool integers) =>
        [.. (integers ? _numbers.Integers(count, 2) : _numbers.Reals(count, 1)).Select(value => (Half)value)];
}
