using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed class LayerNormTests
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
        using var run = new LayerNormRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        y.AssertIntact();
        TensorAssert.Close(run.Reference(), y.Span, Tolerance.Reduction(sizes.Channels));
    }
}
