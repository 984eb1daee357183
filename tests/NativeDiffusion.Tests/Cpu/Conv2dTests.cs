using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed class Conv2dTests
{
    [Theory]
    [MemberData(nameof(Conv2dCases.Names), MemberType = typeof(Conv2dCases))]
    public void Conv2d_Case_MatchesReference(string name)
    {
        Check(Conv2dCases.All[name]);
        Check(Conv2dCases.All[name] with { IsDirect = true });
    }

    [Theory]
    [MemberData(nameof(Conv2dCases.Names), MemberType = typeof(Conv2dCases))]
    public void Conv2d_PictureAlone_HasTheBatchsBytes(string name)
    {
        Conv2dCase sizes = Conv2dCases.All[name] with { Batch = 3 };
        using var run = new Conv2dRun(sizes);
        using var one = new CpuWorkers(1);
        using var three = new CpuWorkers(3);
        using GuardedBuffer batch = run.Forward(three);
        for (int i = 0; i < sizes.Batch; i++)
        {
            using GuardedBuffer alone = run.Forward(one, i, 1);
            TensorAssert.SameBits(alone.Span, batch.Span.Slice(i * alone.Count, alone.Count));
        }
    }

    // Kernel, stride, inputs, outputs, stored size, size after upsampling.
    [Theory]
    [InlineData(3, 1, 320, 640, 32, 32, "Winograd")]
    [InlineData(3, 1, 320, 640, 7, 7, "Winograd")]
    [InlineData(3, 1, 320, 640, 6, 6, "Direct")]
    [InlineData(3, 1, 1280, 1280, 16, 16, "Direct")]
    [InlineData(3, 1, 4, 320, 64, 64, "Direct")]
    [InlineData(3, 1, 320, 4, 64, 64, "Winograd")]
    [InlineData(3, 2, 320, 320, 64, 64, "Direct")]
    [InlineData(1, 1, 320, 320, 64, 64, "Direct")]
    [InlineData(3, 1, 1280, 1280, 8, 16, "Phases")]
    [InlineData(3, 1, 640, 640, 8, 15, "Direct")]
    public void FormOf_Sizes_DecideAlone(int kernel, int stride, int inputs, int outputs, int size, int virtualSize, string form) =>
        Assert.Equal(Enum.Parse<ConvolutionForm>(form), Conv2d.FormOf(kernel, stride, inputs, outputs, size, size, virtualSize, virtualSize));

    internal static void Check(Conv2dCase sizes)
    {
        using var workers = new CpuWorkers(2);
        using var run = new Conv2dRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        y.AssertIntact();
        TensorAssert.Close(run.Reference(), run.Compact(y), Tolerance.Reduction(sizes.Depth));
        for (int i = 0; i < y.Count; i++)
            Assert.True(i % (sizes.Width + sizes.Gap) < sizes.Width || GuardedBuffer.IsSentinel(y.Span[i]), $"Something wrote into the gap at {i}.");
    }
}
