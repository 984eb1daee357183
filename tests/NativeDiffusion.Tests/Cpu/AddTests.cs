using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class AddTests
{
    [Theory]
    [InlineData(100_003)]
    [InlineData(1)]
    public void Add_ManyValues_IsExact(int count)
    {
        using var workers = new CpuWorkers(3);
        using GuardedBuffer a = GuardedBuffer.Random(1, count);
        using GuardedBuffer b = GuardedBuffer.Random(2, count);
        using var y = new GuardedBuffer(count);
        Add.Forward(workers, a.Pointer, b.Pointer, y.Pointer, count);
        y.AssertIntact();
        TensorAssert.Close(AddReference.Forward(a.Span, b.Span), y.Span, Tolerance.Exact);
    }

    [Theory]
    [InlineData(1, 7, 5, 5)]
    [InlineData(3, 4, 33, 40)]
    public void Broadcast_OneLineASample_IsExact(int batch, int rows, int channels, int stride)
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer a = GuardedBuffer.Random(1, batch * rows * channels);
        using GuardedBuffer b = GuardedBuffer.Random(2, batch * stride);
        using var y = new GuardedBuffer(batch * rows * channels);
        Add.Broadcast(workers, a.Pointer, b.Pointer, stride, y.Pointer, batch, rows, channels);
        y.AssertIntact();
        float[] spread = [.. Enumerable.Range(0, batch * rows * channels).Select(i => b.Span[(i / channels / rows * stride) + (i % channels)])];
        TensorAssert.Close(AddReference.Forward(a.Span, spread), y.Span, Tolerance.Exact);
    }
}
