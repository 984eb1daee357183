using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class TransposeTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 4, 63)]
    [InlineData(3, 33, 65)]
    public void Transpose_ThereAndBack_IsExact(int batch, int channels, int spatial)
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer x = GuardedBuffer.Random(1, (long)batch * channels * spatial);
        using var last = new GuardedBuffer(x.Count);
        using var back = new GuardedBuffer(x.Count);
        Transpose.ToChannelsLast(workers, x.Pointer, last.Pointer, batch, channels, spatial);
        Transpose.ToChannelsFirst(workers, last.Pointer, back.Pointer, batch, channels, spatial);
        last.AssertIntact();
        back.AssertIntact();
        TensorAssert.SameBits(x.Span, back.Span);
        TensorAssert.Close(TransposeReference.Forward(x.Span, batch, channels, spatial), last.Span, Tolerance.Exact);
    }
}
