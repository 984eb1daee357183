using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Tests.Reference;

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
        foreach (int capability in ShippedPtx.Capabilities)
        {
            Half[] actual = Run(KernelSession.Card(capability, isAdversarial: capability == 80 && columns < 5000), x, rows, columns, scale);

            // Halves end in steps of 2^-24; the power's argument is rounded in float32.
            double argument = Math.Abs(scale) * 8 * 1.5;
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], (double)actual[i], (expected[i] * ((1.0 / (1 << 11)) + (argument / (1 << 22)) + 1e-6)) + (1.0 / (1 << 25)));
        }
    }

    [Fact]
    public void Softmax_Infinities_MaskOrSpread()
    {
        Half down = Half.NegativeInfinity;

        Half[] y = Run(KernelSession.Card(80), [(Half)1, down, (Half)1, down, down, down, down, down], 2, 4, 1);

        Assert.Equal([(Half)0.5, (Half)0, (Half)0.5, (Half)0, Half.NaN, Half.NaN, Half.NaN, Half.NaN], y);
    }

    private static Half[] Run(VirtualGpuOptions card, Half[] x, int rows, int columns, float scale)
    {
        using var session = new KernelSession(card);
        using var kernel = new SoftmaxKernel(session.Loader);
        DevicePointer y = session.Allocate<Half>(x.Length);
        kernel.Launch(session.Stream, session.Upload(x), y, rows, columns, scale);
        return session.Download<Half>(y, x.Length);
    }
}
