using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

public sealed class AttentionTests
{
    [Theory]
    [MemberData(nameof(AttentionCases.Names), MemberType = typeof(AttentionCases))]
    public void Attention_Case_MatchesReference(string name)
    {
        AttentionCase sizes = AttentionCases.All[name];
        using var workers = new CpuWorkers(2);
        using var run = new AttentionRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        y.AssertIntact();
        // A score's error is relative to its size and becomes a weight's relative error: sharp scores have fewer digits.
        TensorAssert.Close(run.Reference(), y.Span, Tolerance.Reduction((long)((sizes.HeadDim + sizes.KeyTokens) * sizes.Sharpness * sizes.Sharpness)));
    }

    [Theory]
    [MemberData(nameof(AttentionCases.Names), MemberType = typeof(AttentionCases))]
    public void Attention_PictureAlone_HasTheBatchsBytes(string name)
    {
        AttentionCase sizes = AttentionCases.All[name] with { Batch = 3 };
        using var run = new AttentionRun(sizes);
        using var one = new CpuWorkers(1);
        using var three = new CpuWorkers(3);
        using GuardedBuffer batch = run.Forward(three);
        for (int i = 0; i < sizes.Batch; i++)
        {
            using GuardedBuffer alone = run.Forward(one, i, 1);
            TensorAssert.SameBits(alone.Span, batch.Span.Slice(i * alone.Count, alone.Count));
        }
    }
}
