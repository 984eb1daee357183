using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Inputs of a LayerNorm's case, and both ways to run it.</summary>
internal sealed unsafe class LayerNormRun(LayerNormCase sizes) : IDisposable
{
    private const float Epsilon = 1e-5f;

    private readonly GuardedBuffer _x = GuardedBuffer.Random(1, (long)sizes.Rows * sizes.Channels, sizes.Scale, sizes.Offset);
    private readonly GuardedBuffer _weight = GuardedBuffer.Random(2, sizes.Channels);
    private readonly GuardedBuffer _bias = GuardedBuffer.Random(3, sizes.Channels);

    public GuardedBuffer Forward(CpuWorkers workers)
    {
        var y = new GuardedBuffer(_x.Count);
        LayerNorm.Forward(workers, _x.Pointer, _weight.Pointer, _bias.Pointer, y.Pointer, sizes.Rows, sizes.Channels, Epsilon);
        return y;
    }

    public double[] Reference() => LayerNormReference.Forward(_x.Span, _weight.Span, _bias.Span, sizes.Rows, sizes.Channels, Epsilon);

    public void Dispose()
    {
        _x.Dispose();
        _weight.Dispose();
        _bias.Dispose();
    }
}
