using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed unsafe class TokenEmbeddingTests
{
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
}
