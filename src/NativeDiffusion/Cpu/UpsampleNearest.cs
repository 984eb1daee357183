namespace NativeDiffusion.Cpu;

/// <summary>Nearest neighbour to a size, NHWC float32: row r of the result is row floor(r · height / outHeight), columns likewise.</summary>
internal static unsafe class UpsampleNearest
{
    /// <summary>[batch, height, width, channels] → [batch, outHeight, outWidth, channels].</summary>
    public static void Forward(
        CpuWorkers workers, float* x, float* y, int batch, int height, int width, int outHeight, int outWidth, int channels)
    {
        RowBlocks.Run(workers, batch * outHeight, outWidth * channels, row =>
        {
            long source = (long)(row / outHeight) * height + (long)(row % outHeight) * height / outHeight;
            float* from = x + (source * width * channels), to = y + ((long)row * outWidth * channels);
            for (int column = 0; column < outWidth; column++)
            {
                var pixel = new ReadOnlySpan<float>(from + ((long)column * width / outWidth * channels), channels);
                pixel.CopyTo(new Span<float>(to + ((long)column * channels), channels));
            }
        });
    }
}
