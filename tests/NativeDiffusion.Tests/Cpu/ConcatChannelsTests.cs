using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class ConcatChannelsTests
{
    [Fact]
    public void ConcatChannels_TwoSources_LieSideBySide()
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer a = GuardedBuffer.Random(1, 11 * 5);
        using GuardedBuffer b = GuardedBuffer.Random(2, 11 * 3);
        using var y = new GuardedBuffer(11 * 8);
        ConcatChannels.Forward(workers, a.Pointer, b.Pointer, y.Pointer, 11, 5, 3);
        y.AssertIntact();
        TensorAssert.Close(ConcatChannelsReference.Forward(a.Span, b.Span, 11, 5, 3), y.Span, Tolerance.Exact);
    }
}
