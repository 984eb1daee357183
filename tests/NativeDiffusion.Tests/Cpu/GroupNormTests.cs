using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class GroupNormTests
{
    [Theory]
    [MemberData(nameof(GroupNormCases.Names), MemberType = typeof(GroupNormCases))]
    public void GroupNorm_Case_MatchesReference(string name)
    {
        GroupNormCase sizes = GroupNormCases.All[name];
        using var workers = new CpuWorkers(2);
        using var run = new GroupNormRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        y.AssertIntact();
        TensorAssert.Close(run.Reference(), y.Span, Tolerance.Elementwise);
    }

    [Theory]
    [MemberData(nameof(GroupNormCases.Names), MemberType = typeof(GroupNormCases))]
    public void GroupNorm_PictureAlone_HasTheBatchsBytes(string name)
    {
        GroupNormCase sizes = GroupNormCases.All[name] with { Batch = 3 };
        using var run = new GroupNormRun(sizes);
        using var one = new CpuWorkers(1);
        using var three = new CpuWorkers(3);
        using GuardedBuffer batch = run.Forward(three);
        for (int i = 0; i < sizes.Batch; i++)
        {
            using GuardedBuffer alone = run.Forward(one, i, 1);
            TensorAssert.SameBits(alone.Span, batch.Span.Slice(i * alone.Count, alone.Count));
        }
    }

    [Fact]
    public void GroupNorm_InPlace_HasTheSameBytes()
    {
        GroupNormCase sizes = GroupNormCases.All["C320"];
        using var workers = new CpuWorkers(2);
        using var run = new GroupNormRun(sizes);
        using GuardedBuffer expected = run.Forward(workers);
        GroupNorm.Forward(
            workers, run.X.Pointer, null, run.Weight.Pointer, run.Bias.Pointer, null, run.X.Pointer, sizes.Batch, sizes.Channels, 0, sizes.Spatial,
                sizes.Groups, GroupNormRun.Epsilon, sizes.Silu);
        TensorAssert.SameBits(expected.Span, run.X.Span);
    }

    [Fact]
    public void GroupNorm_GivenItsOwnStatistics_IsTheSameWithinTheirRounding()
    {
        GroupNormCase sizes = GroupNormCases.All["C320"];
        using var workers = new CpuWorkers(2);
        using var run = new GroupNormRun(sizes);
        using GuardedBuffer expected = run.Forward(workers);
        using var statistics = new GuardedBuffer(sizes.Batch * sizes.Groups * 2);
        GroupNorm.Statistics(workers, run.X.Pointer, statistics.Pointer, sizes.Batch, sizes.Channels, sizes.Spatial, sizes.Groups);
        statistics.AssertIntact();
        GroupNorm.Forward(
            workers, run.X.Pointer, null, run.Weight.Pointer, run.Bias.Pointer, statistics.Pointer, run.X.Pointer, sizes.Batch, sizes.Channels, 0,
                sizes.Spatial, sizes.Groups, GroupNormRun.Epsilon, sizes.Silu);
        TensorAssert.Close([.. expected.Span.ToArray().Select(value => (double)value)], run.X.Span, Tolerance.Elementwise);
    }
}
