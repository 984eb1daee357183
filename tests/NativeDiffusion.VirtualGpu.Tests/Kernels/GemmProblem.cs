using NativeDiffusion.Cpu;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Reference;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>A matrix product with its numbers, and what it must give, in double.</summary>
internal sealed class GemmProblem
{
    private readonly Random _random = new(5);

    /// <param name="rows">Rows of the result.</param>
    /// <param name="outputs">Its columns.</param>
    /// <param name="depths">Depths of the segments.</param>
    /// <param name="integers">True for numbers whose products and sums are exact in every order: -2 to 2; false for any in [-1, 1).</param>
    public GemmProblem(int rows, int outputs, int[] depths, bool integers = true)
    {
        (Rows, Outputs, Depths) = (rows, outputs, depths);
        A = [.. depths.Select(depth => Halves(rows * depth, integers))];
        B = [.. depths.Select(depth => Halves(outputs * depth, integers))];
        Bias = [.. Halves(outputs, integers).Select(value => (float)value)];
        Residual = Halves(rows * outputs, integers);
    }

    public int Rows { get; }

    public int Outputs { get; }

    public IReadOnlyList<int> Depths { get; }

    /// <summary>[rows, depth] of each segment.</summary>
    public IReadOnlyList<Half[]> A { get; }

    /// <summary>[outputs, depth] of each segment.</summary>
    public IReadOnlyList<Half[]> B { get; }

    public float[] Bias { get; }

    /// <summary>[rows, outputs].</summary>
    public Half[] Residual { get; }

    public bool HasBias { get; init; }

    public bool HasResidual { get; init; }

    /// <summary>True where the residual has memory of its own; false where it is the result.</summary>
    public bool IsResidualApart { get; init; }

    public GemmActivation Activation { get; init; }

    /// <summary>[rows, outputs].</summary>
    public double[] Expected()
    {
        var sums = new double[Rows * Outputs];
        for (int i = 0; i < Depths.Count; i++)
        {
            double[] part = LinearReference.Forward(Floats(A[i]), Floats(B[i]), new float[Outputs], Rows, Depths[i], Outputs);
            for (int k = 0; k < sums.Length; k++) sums[k] += part[k];
        }
        return EpilogueReference.Forward(
            sums, HasBias ? Bias : [], [], HasResidual ? Floats(Residual) : [], Activation == GemmActivation.Silu ? NativeDiffusion.Tensors.Activation.Silu
                : NativeDiffusion.Tensors.Activation.None, Rows, Rows, Outputs);
    }

    public override string ToString() => $"{Rows} x {Outputs}, depths {string.Join(" + ", Depths)}";

    private static float[] Floats(Half[] halves) => [.. halves.Select(value => (float)value)];

    private Half[] Halves(int count, bool integers)
    {
        var values = new Half[count];
        for (int i = 0; i < count; i++) values[i] = (Half)(integers ? _random.Next(-2, 3) : (_random.NextDouble() * 2) - 1);
        return values;
    }
}
