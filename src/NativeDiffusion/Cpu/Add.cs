using System.Numerics.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>y = a + b, float32.</summary>
internal static unsafe class Add
{
    /// <summary>a, b, y: <paramref name="count"/> floats; y may be a or b.</summary>
    public static void Forward(CpuWorkers workers, float* a, float* b, float* y, long count)
    {
        RowBlocks.RunFlat(workers, count, (start, length) =>
            TensorPrimitives.Add(new ReadOnlySpan<float>(a + start, length), new ReadOnlySpan<float>(b + start, length), new Span<float>(y + start, length)));
    }

    /// <summary>y[n, r, c] = a[n, r, c] + b[n, c].</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="a">[batch, rows, channels].</param>
    /// <param name="b">[batch, channels], lines <paramref name="bStride"/> floats apart.</param>
    /// <param name="bStride">Floats between two samples' lines of b.</param>
    /// <param name="y">[batch, rows, channels]; may be a.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="rows">Rows of a sample.</param>
    /// <param name="channels">Channels.</param>
    public static void Broadcast(CpuWorkers workers, float* a, float* b, int bStride, float* y, int batch, int rows, int channels)
    {
        RowBlocks.Run(workers, batch * rows, channels, row =>
        {
            long start = (long)row * channels;
            var line = new ReadOnlySpan<float>(b + ((long)(row / rows) * bStride), channels);
            TensorPrimitives.Add(new ReadOnlySpan<float>(a + start, channels), line, new Span<float>(y + start, channels));
        });
    }
}
