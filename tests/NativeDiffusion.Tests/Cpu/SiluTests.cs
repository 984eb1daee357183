using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class SiluTests
{
    [Fact]
    public void Silu_EveryLengthTo256_MatchesReference()
    {
        using var workers = new CpuWorkers(1);
        for (int count = 0; count <= 256; count++)
        {
            using GuardedBuffer x = GuardedBuffer.Random(count, count, scale: 3);
            using var y = new GuardedBuffer(count);
            Silu.Forward(workers, x.Pointer, y.Pointer, count);
            y.AssertIntact();
            TensorAssert.Close(SiluReference.Forward(x.Span), y.Span, Tolerance.Elementwise);
        }
    }

    [Fact]
    public void Silu_LargeAndNotFinite_BehavesAsTheFormula()
    {
        float[] values = [-1e30f, -1000, 0, -0f, 88, 200, 1e30f, float.PositiveInfinity, float.NaN];
        using var workers = new CpuWorkers(1);
        using GuardedBuffer x = GuardedBuffer.Of(values);
        using var y = new GuardedBuffer(values.Length);
        Silu.Forward(workers, x.Pointer, y.Pointer, values.Length);
        TensorAssert.Close(SiluReference.Forward(values), y.Span, Tolerance.Exact);
    }
}
