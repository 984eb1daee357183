using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class LayerNormTests
{
    [Theory]
    [MemberData(nameof(LayerNormCases.Names), MemberType = typeof(LayerNormCases))]
    public void LayerNorm_Case_MatchesReference(string name) => Check(LayerNormCases.All[name]);

    [Fact]
    public void LayerNorm_EveryWidthTo256_MatchesReference()
    {
        for (int channels = 1; channels <= 256; channels++)
            Check(new LayerNormCase("width", 2, channels));
    }

    private static void Check(LayerNormCase sizes)
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer x = GuardedBuffer.Random(1, (long)sizes.Rows * sizes.Channels, sizes.Scale, sizes.Offset);
        using GuardedBuffer weight = GuardedBuffer.Random(2, sizes.Channels);
        using GuardedBuffer bias = GuardedBuffer.Random(3, sizes.Channels);
        using var y = new GuardedBuffer(x.Count);
        LayerNorm.Forward(workers, x.Pointer, weight.Pointer, bias.Pointer, y.Pointer, sizes.Rows, sizes.Channels, 1e-5f);
        y.AssertIntact();
        TensorAssert.Close(LayerNormReference.Forward(x.Span, weight.Span, bias.Span, sizes.Rows, sizes.Channels, 1e-5f), y.Span, Tolerance.Reduction(sizes.Channels));
    }
}
