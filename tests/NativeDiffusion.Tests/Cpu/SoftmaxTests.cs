using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class SoftmaxTests
{
    [Theory]
    [InlineData(3, 4096, 0.044f)]
    [InlineData(64, 77, 0.158f)]
    [InlineData(5, 1000, 20f)]
    [InlineData(7, 131, -1f)]
    public void Softmax_Case_MatchesReference(int rows, int columns, float scale) => Check(rows, columns, scale, 10);

    [Fact]
    public void Softmax_EveryWidthTo256_MatchesReference()
    {
        for (int columns = 1; columns <= 256; columns++)
            Check(2, columns, 1, 1);
    }

    [Fact]
    public void Softmax_Infinities_MaskOrSpread()
    {
        using var workers = new CpuWorkers(1);
        using GuardedBuffer x = GuardedBuffer.Of(
            [1, float.NegativeInfinity, 1, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity,
            float.NegativeInfinity]);

        Softmax.Forward(workers, x.Pointer, x.Pointer, 2, 4, 1);

        Assert.Equal([0.5f, 0, 0.5f, 0, float.NaN, float.NaN, float.NaN, float.NaN], x.Span.ToArray());
    }

    private static void Check(int rows, int columns, float scale, float spread)
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer x = GuardedBuffer.Random(columns, (long)rows * columns, spread);
        using var y = new GuardedBuffer((long)rows * columns);

        Softmax.Forward(workers, x.Pointer, y.Pointer, rows, columns, scale);

        y.AssertIntact();
        // The argument of the exponential is rounded: its size times a rounding is the result's relative error.
        TensorAssert.Close(SoftmaxReference.Forward(x.Span, rows, columns, scale), y.Span, Tolerance.Exponential(Math.Abs(scale) * spread * 2, columns));
    }
}
