using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class TimestepEmbeddingTests
{
    [Theory]
    [InlineData(2, 320, true, 0)]
    [InlineData(1, 32, false, 1)]
    public void TimestepEmbedding_ManyTimesteps_MatchesReference(int batch, int channels, bool flipSinToCos, float freqShift)
    {
        using var workers = new CpuWorkers(1);
        using var y = new GuardedBuffer((long)batch * channels);
        foreach (float t in (float[])[0, 1, 500.5f, 999])
        {
            float[] timesteps = [.. Enumerable.Repeat(t, batch)];
            using GuardedBuffer steps = GuardedBuffer.Of(timesteps);
            TimestepEmbedding.Forward(workers, steps.Pointer, y.Pointer, batch, channels, flipSinToCos, freqShift);
            y.AssertIntact();
            TensorAssert.Close(TimestepEmbeddingReference.Forward(timesteps, batch, channels, flipSinToCos, freqShift), y.Span, Tolerance.Elementwise);
        }
    }
}
