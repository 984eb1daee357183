using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed class LinearTests
{
    [Theory]
    [MemberData(nameof(LinearCases.Names), MemberType = typeof(LinearCases))]
    public void Linear_Case_MatchesReference(string name) => Conv2dTests.Check(LinearCases.All[name]);

    [Theory]
    [MemberData(nameof(LinearCases.Names), MemberType = typeof(LinearCases))]
    public void Linear_AnyNumberOfThreads_HasTheSameBytes(string name)
    {
        using var run = new Conv2dRun(LinearCases.All[name]);
        using var one = new CpuWorkers(1);
        using GuardedBuffer expected = run.Forward(one);
        foreach (int threads in (int[])[2, 5])
        {
            using var workers = new CpuWorkers(threads);
            using GuardedBuffer actual = run.Forward(workers);
            TensorAssert.SameBits(expected.Span, actual.Span);
        }
    }

    [Fact]
    public void Linear_JoinedProjections_EqualSeparateOnes()
    {
        using var workers = new CpuWorkers(2);
        Conv2dCase sizes = LinearCases.All["out"] with { Residual = false };
        using var run = new Conv2dRun(sizes);
        using GuardedBuffer expected = run.Forward(workers);
        using GuardedBuffer joined = run.ForwardJoined(workers);
        joined.AssertIntact();
        for (int row = 0; row < sizes.Rows; row++)
        {
            Span<float> pair = joined.Span.Slice(row * 2 * sizes.Outputs, 2 * sizes.Outputs);
            TensorAssert.SameBits(expected.Span.Slice(row * sizes.Outputs, sizes.Outputs), pair[..sizes.Outputs]);
            TensorAssert.SameBits(expected.Span.Slice(row * sizes.Outputs, sizes.Outputs), pair[sizes.Outputs..]);
        }
    }
}
