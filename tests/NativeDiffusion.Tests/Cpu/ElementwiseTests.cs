using NativeDiffusion.Cpu;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.Tests.Support;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class ElementwiseTests
{
    [Fact]
    public void Silu_EveryLengthTo256_MatchesReference()
    {
        using var workers = new CpuWorkers(1);
        for (int count = 0; count <= 256; count++)
        {
            using GuardedBuffer x = GuardedBuffer.Random(count, count, scale: 3);
            using var y = new GuardedBuffer(count);
            Silu.Forward(workers, x.Pointer, y.Pointer, count);
            y.AssertIntact();
            TensorAssert.Close([.. x.Span.ToArray().Select(value => ActivationReference.Forward(value, Activation.Silu))], y.Span, Tolerance.Elementwise);
        }
    }

    [Fact]
    public void Silu_LargeAndNotFinite_BehavesAsTheFormula()
    {
        float[] values = [-1e30f, -1000, 0, -0f, 88, 200, 1e30f, float.PositiveInfinity, float.NaN];
        using var workers = new CpuWorkers(1);
        using GuardedBuffer x = GuardedBuffer.Of(values);
        using var y = new GuardedBuffer(values.Length);
        Silu.Forward(workers, x.Pointer, y.Pointer, values.Length);
        TensorAssert.Close([.. values.Select(value => ActivationReference.Forward(value, Activation.Silu))], y.Span, Tolerance.Exact);
    }

    [Theory]
    [InlineData(100_003)]
    [InlineData(1)]
    public void Add_ManyValues_IsExact(int count)
    {
        using var workers = new CpuWorkers(3);
        using GuardedBuffer a = GuardedBuffer.Random(1, count);
        using GuardedBuffer b = GuardedBuffer.Random(2, count);
        using var y = new GuardedBuffer(count);
        Add.Forward(workers, a.Pointer, b.Pointer, y.Pointer, count);
        y.AssertIntact();
        for (int i = 0; i < count; i++)
            Assert.Equal(a.Span[i] + b.Span[i], y.Span[i]);
    }

    [Theory]
    [InlineData(100_003)]
    [InlineData(1)]
    public void Scale_ManyValues_IsExact(int count)
    {
        using var workers = new CpuWorkers(3);
        using GuardedBuffer x = GuardedBuffer.Random(1, count);
        using var y = new GuardedBuffer(count);
        Scale.Forward(workers, x.Pointer, y.Pointer, count, 0.18215f);
        y.AssertIntact();
        for (int i = 0; i < count; i++)
            Assert.Equal(x.Span[i] * 0.18215f, y.Span[i]);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 4, 63)]
    [InlineData(3, 33, 65)]
    public void Transpose_ThereAndBack_IsExact(int batch, int channels, int spatial)
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer x = GuardedBuffer.Random(1, (long)batch * channels * spatial);
        using var last = new GuardedBuffer(x.Count);
        using var back = new GuardedBuffer(x.Count);
        Transpose.ToChannelsLast(workers, x.Pointer, last.Pointer, batch, channels, spatial);
        Transpose.ToChannelsFirst(workers, last.Pointer, back.Pointer, batch, channels, spatial);
        last.AssertIntact();
        back.AssertIntact();
        TensorAssert.SameBits(x.Span, back.Span);
        for (int i = 0; i < x.Count; i++)
            Assert.Equal(x.Span[i], last.Span[(i / (channels * spatial) * channels * spatial) + (i % spatial * channels) + (i / spatial % channels)]);
    }

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

    [Fact]
    public void TokenEmbedding_TwoRows_AddsTokenOrExtraAndPosition()
    {
        using var workers = new CpuWorkers(1);
        using GuardedBuffer tokens = GuardedBuffer.Random(1, 5 * 7);
        using GuardedBuffer extra = GuardedBuffer.Random(3, 2 * 7);
        using GuardedBuffer positions = GuardedBuffer.Random(2, 3 * 7);
        using var y = new GuardedBuffer(2 * 3 * 7);
        int[] ids = [4, 0, 6, 2, 5, 3];
        fixed (int* pointer = ids)
            TokenEmbedding.Forward(workers, pointer, tokens.Pointer, extra.Pointer, positions.Pointer, y.Pointer, 2, 3, 7, 5);
        y.AssertIntact();
        for (int i = 0; i < y.Count; i++)
        {
            int id = ids[i / 7], c = i % 7;
            float token = id < 5 ? tokens.Span[(id * 7) + c] : extra.Span[((id - 5) * 7) + c];
            Assert.Equal(token + positions.Span[(i / 7 % 3 * 7) + c], y.Span[i]);
        }
    }

    [Fact]
    public void ConcatChannels_TwoSources_LieSideBySide()
    {
        using var workers = new CpuWorkers(2);
        using GuardedBuffer a = GuardedBuffer.Random(1, 11 * 5);
        using GuardedBuffer b = GuardedBuffer.Random(2, 11 * 3);
        using var y = new GuardedBuffer(11 * 8);
        ConcatChannels.Forward(workers, a.Pointer, b.Pointer, y.Pointer, 11, 5, 3);
        y.AssertIntact();
        for (int i = 0; i < y.Count; i++)
            Assert.Equal(i % 8 < 5 ? a.Span[(i / 8 * 5) + (i % 8)] : b.Span[(i / 8 * 3) + (i % 8) - 5], y.Span[i]);
    }
}
