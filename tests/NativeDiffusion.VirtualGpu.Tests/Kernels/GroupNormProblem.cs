using NativeDiffusion.Testing.Reference;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>A normalization with its numbers, and what it must give, in double.</summary>
internal sealed class GroupNormProblem
{
    private readonly float _offset;

    /// <param name="batch">Pictures.</param>
    /// <param name="channels">Channels of the first source.</param>
    /// <param name="channels2">Channels of the second; 0 for none.</param>
    /// <param name="spatial">Pixels of a picture.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="offset">About the mean of all numbers.</param>
    public GroupNormProblem(int batch, int channels, int channels2, int spatial, int groups, float offset = 3)
    {
        (Batch, Channels, Channels2, Spatial, Groups, _offset) = (batch, channels, channels2, spatial, groups, offset);
        X = Halves(1, batch * spatial * channels);
        X2 = Halves(2, batch * spatial * channels2);
        Weight = Floats(3, channels + channels2);
        Bias = Floats(4, channels + channels2);
    }

    public int Batch { get; }

    public int Channels { get; }

    public int Channels2 { get; }

    public int Spatial { get; }

    public int Groups { get; }

    /// <summary>True where the result takes the place of x.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>[batch, spatial, channels].</summary>
    public Half[] X { get; }

    /// <summary>[batch, spatial, channels2].</summary>
    public Half[] X2 { get; }

    public float[] Weight { get; }

    public float[] Bias { get; }

    /// <summary>Fails where a number of the result is farther off than rounding takes it.</summary>
    public void AssertResult(Half[] actual, bool silu)
    {
        double[] expected = GroupNormReference.Forward(Singles(X), Singles(X2), Weight, Bias, Batch, Channels, Channels2, Spatial, Groups, 1e-5f, silu);
        // bias - mean * rstd * weight is one number, rounded to float32: what that costs where a group is one number. Weights are 2 at most.
        double flat = Spatial * (Channels + Channels2) == Groups ? 2 * (2 + Math.Abs(_offset)) / Math.Sqrt(1e-5) / (1 << 24) : 0;
        for (int i = 0; i < expected.Length; i++)
        {
            // The result's rounding to half, and float32's in what comes before it.
            double allowed = flat + (Math.Abs(expected[i]) * (1.0 / (1 << 11))) + ((1 + Math.Abs(_offset)) * 4e-6) + (1.0 / (1 << 24));
            Assert.True(Math.Abs(expected[i] - (double)actual[i]) <= allowed, $"{this}: y[{i}] is {actual[i]}, expected {expected[i]}.");
        }
    }

    public override string ToString() => $"{Batch} x {Spatial} x ({Channels} + {Channels2}), {Groups} groups{(IsInPlace ? ", in place" : "")}";

    private Half[] Halves(int seed, int count) => [.. Floats(seed, count).Select(value => (Half)(value + _offset))];

    private static float[] Floats(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    private static float[] Singles(Half[] values) => [.. values.Select(value => (float)value)];
}
