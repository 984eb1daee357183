namespace NativeDiffusion.Cpu;

/// <summary>Channels of a, then channels of b: y[r, :] = a[r, :] ‖ b[r, :].</summary>
internal static unsafe class ConcatChannels
{
    /// <summary>[rows, channels], [rows, channels2] → [rows, channels + channels2], float32, dense.</summary>
    public static void Forward(CpuWorkers workers, float* a, float* b, float* y, int rows, int channels, int channels2)
    {
        int width = channels + channels2;
        RowBlocks.Run(workers, rows, width, row =>
        {
            new ReadOnlySpan<float>(a + ((long)row * channels), channels).CopyTo(new Span<float>(y + ((long)row * width), channels));
            new ReadOnlySpan<float>(b + ((long)row * channels2), channels2).CopyTo(new Span<float>(y + ((long)row * width) + channels, channels2));
        });
    }
}
