using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Inputs of a GroupNorm's case, and both ways to run it.</summary>
internal sealed unsafe class GroupNormRun(GroupNormCase sizes) : IDisposable
{
    public const float Epsilon = 1e-5f;

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
            workers, X.Pointer + (first * sizes.Channels), sizes.Channels2 == 0 ? null
                : X2.Pointer + (first * sizes.Channels2), Weight.Pointer, Bias.Pointer, null, y.Pointer,
            batch, sizes.Channels, sizes.Channels2, sizes.Spatial, sizes.Groups, Epsilon, sizes.Silu);
        return y;
    }

    public double[] Reference() => GroupNormReference.Forward(
        X.Span, X2.Span, Weight.Span, Bias.Span, sizes.Batch, sizes.Channels, sizes.Channels2, sizes.Spatial, sizes.Groups, Epsilon, sizes.Silu);

    public void Dispose()
    {
        X.Dispose();
        X2.Dispose();
        Weight.Dispose();
        Bias.Dispose();
    }
}
