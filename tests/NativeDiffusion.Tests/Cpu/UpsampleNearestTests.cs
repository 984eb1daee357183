using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class UpsampleNearestTests
{
    [Theory]
    [InlineData(1, 2, 3, 4, 6, 8)]
    [InlineData(2, 3, 5, 6, 10, 1)]
    [InlineData(3, 5, 7, 9, 13, 5)]
    [InlineData(1, 7, 5, 3, 4, 33)]
    public void UpsampleNearest_AnySize_IsExact(int batch, int height, int width, int outHeight, int outWidth, int channels)
    {
        using var workers = new CpuWorkers(3);
        using GuardedBuffer x = GuardedBuffer.Random(1, batch * height * width * channels);
        using var y = new GuardedBuffer(batch * outHeight * outWidth * channels);
        UpsampleNearest.Forward(workers, x.Pointer, y.Pointer, batch, height, width, outHeight, outWidth, channels);
        y.AssertIntact();
        TensorAssert.Close(UpsampleNearestReference.Forward(x.Span, batch, height, width, outHeight, outWidth, channels), y.Span, Tolerance.Exact);
    }
}
