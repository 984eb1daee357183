using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class ScaleTests
{
    [Theory]
    [InlineData(100_003)]
    [InlineData(1)]
    public void Scale_ManyValues_IsExact(int count)
    {
        using var workers = new CpuWorkers(3);
        using GuardedBuffer x = GuardedBuffer.Random(1, count);
        using var y = new GuardedBuffer(count);
        Scale.Forward(workers, x.Pointer, y.Pointer, count, 0.18215f);
        y.AssertIntact();
        TensorAssert.Close(ScaleReference.Forward(x.Span, 0.18215f), y.Span, Tolerance.Exact);
    }
}
