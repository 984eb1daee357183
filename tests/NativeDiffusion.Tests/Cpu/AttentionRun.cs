using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Inputs of an attention's case, and both ways to run it.</summary>
internal sealed unsafe class AttentionRun : IDisposable
{
    private readonly AttentionCase _case;
    private readonly GuardedBuffer _q;
    private readonly GuardedBuffer _k;
    private readonly GuardedBuffer _v;
    private readonly int _stride;

    public AttentionRun(AttentionCase sizes)
    {
        _case = sizes;
        _stride = sizes.Joined ? 3 * sizes.Width : sizes.Width;
        _q = GuardedBuffer.Random(1, (long)sizes.Batch * sizes.QueryTokens * _stride, sizes.Sharpness);
        _k = sizes.Joined ? _q : GuardedBuffer.Random(2, (long)sizes.Batch * sizes.KeyTokens * _stride);
        _v = sizes.Joined ? _q : GuardedBuffer.Random(3, (long)sizes.Batch * sizes.KeyTokens * _stride);
    }

    // The offsets of k and v in a joined row.
    private int KeyOffset => _case.Joined ? _case.Width : 0;

    private int ValueOffset => _case.Joined ? 2 * _case.Width : 0;

    private float Scale => (float)(1 / Math.Sqrt(_case.HeadDim));

    /// <summary>y: [batch, tokens, width]. Runs pictures <paramref name="firstImage"/> … of the batch.</summary>
    public GuardedBuffer Forward(CpuWorkers workers, int firstImage = 0, int images = 0)
    {
        int batch = images == 0 ? _case.Batch : images;
        var y = new GuardedBuffer((long)batch * _case.QueryTokens * _case.Width);
        long queryRow = (long)firstImage * _case.QueryTokens * _stride;
        long keyRow = (long)firstImage * _case.KeyTokens * _stride;
        Attention.Forward(
            workers, _q.Pointer + queryRow, _stride, _k.Pointer + keyRow + KeyOffset, _stride, _v.Pointer + keyRow + ValueOffset, _stride, y.Pointer,
                _case.Width,
            batch, _case.Heads, _case.QueryTokens, _case.KeyTokens, _case.HeadDim, Scale, _case.Causal);
        return y;
    }

    public double[] Reference() => AttentionReference.Forward(
        _q.Span, _stride, _k.Span[KeyOffset..], _stride, _v.Span[ValueOffset..], _stride,
        _case.Batch, _case.Heads, _case.QueryTokens, _case.KeyTokens, _case.HeadDim, Scale, _case.Causal);

    public void Dispose()
    {
        _q.Dispose();
        _k.Dispose();
        _v.Dispose();
    }
}
