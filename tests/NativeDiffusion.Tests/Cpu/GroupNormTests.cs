using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class GroupNormTests
{
    private const float Epsilon = 1e-5f;

    [Theory]
    [MemberData(nameof(GroupNormCases.Names), MemberType = typeof(GroupNormCases))]
    public void GroupNorm_Case_MatchesReference(string name)
    {
        GroupNormCase sizes = GroupNormCases.All[name];
        using var workers = new CpuWorkers(2);
        using var inputs = new GroupNormInputs(sizes);
        using GuardedBuffer y = inputs.Forward(workers);
        y.AssertIntact();
        double[] expected = GroupNormReference.Forward(
            inputs.X.Span, inputs.X2.Span, inputs.Weight.Span, inputs.Bias.Span, sizes.Batch, sizes.Channels, sizes.Channels2, sizes.Spatial, sizes.Groups, Epsilon, sizes.Silu);
        TensorAssert.Close(expected, y.Span, Tolerance.Elementwise);
    }

    [Theory]
    [MemberData(nameof(GroupNormCases.Names), MemberType = typeof(GroupNormCases))]
    public void GroupNorm_PictureAlone_HasTheBatchsBytes(string name)
    {
        GroupNormCase sizes = GroupNormCases.All[name] with { Batch = 3 };
        using var inputs = new GroupNormInputs(sizes);
        using var one = new CpuWorkers(1);
        using var three = new CpuWorkers(3);
        using GuardedBuffer batch = inputs.Forward(three);
        for (int i = 0; i < sizes.Batch; i++)
        {
            using GuardedBuffer alone = inputs.Forward(one, i, 1);
            TensorAssert.SameBits(alone.Span, batch.Span.Slice(i * alone.Count, alone.Count));
        }
    }

    [Fact]
    public void GroupNorm_InPlace_HasTheSameBytes()
    {
        GroupNormCase sizes = GroupNormCases.All["C320"];
        using var workers = new CpuWorkers(2);
        using var inputs = new GroupNormInputs(sizes);
        using GuardedBuffer expected = inputs.Forward(workers);
        GroupNorm.Forward(
            workers, inputs.X.Pointer, null, inputs.Weight.Pointer, inputs.Bias.Pointer, inputs.X.Pointer, sizes.Batch, sizes.Channels, 0, sizes.Spatial, sizes.Groups, Epsilon, sizes.Silu);
        TensorAssert.SameBits(expected.Span, inputs.X.Span);
    }

    private sealed class GroupNormInputs(GroupNormCase sizes) : IDisposable
    {
        public GuardedBuffer X { get; } = GuardedBuffer.Random(1, (long)sizes.Batch * sizes.Spatial * sizes.Channels, sizes.Scale, sizes.Offset);

        public GuardedBuffer X2 { get; } = GuardedBuffer.Random(2, (long)sizes.Batch * sizes.Spatial * sizes.Channels2, sizes.Scale, sizes.Offset);

        public GuardedBuffer Weight { get; } = GuardedBuffer.Random(3, sizes.Channels + sizes.Channels2);

        public GuardedBuffer Bias { get; } = GuardedBuffer.Random(4, sizes.Channels + sizes.Channels2);

        public GuardedBuffer Forward(CpuWorkers workers, int firstImage = 0, int images = 0)
        {
            int batch = images == 0 ? sizes.Batch : images;
            long first = (long)firstImage * sizes.Spatial;
            var y = new GuardedBuffer((long)batch * sizes.Spatial * (sizes.Channels + sizes.Channels2));
            GroupNorm.Forward(
                workers, X.Pointer + (first * sizes.Channels), sizes.Channels2 == 0 ? null : X2.Pointer + (first * sizes.Channels2), Weight.Pointer, Bias.Pointer, y.Pointer,
                batch, sizes.Channels, sizes.Channels2, sizes.Spatial, sizes.Groups, Epsilon, sizes.Silu);
            return y;
        }

        public void Dispose()
        {
            X.Dispose();
            X2.Dispose();
            Weight.Dispose();
            Bias.Dispose();
        }
    }
}
