using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.Tests.Support;
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
}
