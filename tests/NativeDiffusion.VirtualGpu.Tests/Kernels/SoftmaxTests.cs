using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Reference;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>Softmax's kernels for each capability that PTX ships for, against the reference in double.</summary>
public sealed class SoftmaxTests
{
    [Theory]
    [InlineData(7, 77, 0.5f)]
    [InlineData(3, 1024, 1f)]
    [InlineData(2, 4096, 0.044f)]
    [InlineData(33, 1, 1f)]
    [InlineData(5, 31, 20f)]
    [InlineData(1, 4099, -1f)]
    // A warp a row, whole and one element more; several, with threads that have nothing; the most that is kept, and one more.
    [InlineData(9, 1032, 1f)]
    [InlineData(2, 1025, 1f)]
    [InlineData(5, 8, 1f)]
    [InlineData(2, 10008, 1f)]
    [InlineData(1, 16384, 1f)]
    [InlineData(1, 16383, 1f)]
    [InlineData(1, 16392, 1f)]
    [InlineData(1, 40000, 1f)]
    [InlineData(2, 33333, 1f)]
    [InlineData(1, 77, 0f)]
    public void Softmax_Case_MatchesReference(int rows, int columns, float scale)
    {
        var random = new Random(columns);
        Half[] x = [.. Enumerable.Range(0, rows * columns).Select(_ => (Half)((random.NextDouble() * 8) - 4))];
        double[] expected = SoftmaxReference.Forward([.. x.Select(value => (float)value)], rows, columns, scale);
        foreach (int capability in KernelList.ShippedPtx.Capabilities)
        {
            Half[] actual = Run(KernelSession.Card(capability, isAdversarial: capability == 80 && columns < 5000), x, rows, columns, scale);

            // Halves end in steps of 2^-24; the power's argument is rounded in float32.
            double argument = Math.Abs(scale) * 8 * 1.5;
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], (double)actual[i], (expected[i] * ((1.0 / (1 << 11)) + (argument / (1 << 22)) + 1e-6)) + (1.0 / (1 << 25)));
        }
    }

    /// <summary>A row with every second element masked, and one of nothing else: a warp's, several warps', one that is read twice.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(2048)]
    [InlineData(32768)]
    public void Softmax_Infinities_MaskOrSpread(int columns)
    {
        Half[] x = [.. Enumerable.Range(0, 2 * columns).Select(i => i < columns && i % 2 == 0 ? Half.One : Half.NegativeInfinity)];

        Half[] y = Run(KernelSession.Card(80), x, 2, columns, 1);

        for (int i = 0; i < y.Length; i++) Assert.Equal(i >= columns ? Half.NaN : i % 2 == 0 ? (Half)(2.0 / columns) : Half.Zero, y[i]);
    }

    [Theory]
    [InlineData(9, 77)]
    [InlineData(3, 4096)]
    [InlineData(2, 20000)]
    public void Softmax_InPlace_IsTheSame(int rows, int columns)
    {
        Half[] x = [.. Enumerable.Range(0, rows * columns).Select(i => (Half)Math.Sin(i))];

        Assert.Equal(
            Run(KernelSession.Card(80, isAdversarial: true), x, rows, columns, 1), Run(
            KernelSession.Card(80, isAdversarial: true), x, rows, columns, 1, isInPlace: true));
    }

    private static Half[] Run(VirtualGpuOptions card, Half[] values, int rows, int columns, float scale, bool isInPlace = false)
    {
        using var session = new KernelSession(card);
        using var kernel = new SoftmaxKernel(session.Loader);
        DevicePointer x = session.Upload(values), y = isInPlace ? x : session.Allocate<Half>(values.Length);
        kernel.Launch(session.Stream, x, y, rows, columns, scale);
        return session.Download<Half>(y, values.Length);
    }
}
