namespace NativeDiffusion.Verification;

/// <summary>
/// Σ over segments, window and channels of x · w, NHWC in double, before any epilogue; a source row is row · height / virtualHeight.
/// Naive on purpose: do not optimise.
/// </summary>
internal static class Conv2dReference
{
    public static void Accumulate(
        SegmentCase segment, ReadOnlySpan<float> x, ReadOnlySpan<float> oihw, double[] y, int batch, int outHeight, int outWidth, int outputs)
    {
        int kernel = segment.Kernel, channels = segment.Channels;
        for (int n = 0; n < batch; n++)
            for (int oy = 0; oy < outHeight; oy++)
                for (int ox = 0; ox < outWidth; ox++)
                    for (int ky = 0; ky < kernel; ky++)
                        for (int kx = 0; kx < kernel; kx++)
                        {
                            int vy = (oy * segment.Stride) - segment.PadTop + ky, vx = (ox * segment.Stride) - segment.PadLeft + kx;
                            if (vy < 0 || vx < 0 || vy >= segment.VirtualHeight || vx >= segment.VirtualWidth)
                                continue;
                            int sy = vy * segment.Height / segment.VirtualHeight, sx = vx * segment.Width / segment.VirtualWidth;
                            int from = ((((n * segment.Height) + sy) * segment.Width) + sx) * segment.PixelStride;
                            int to = ((((n * outHeight) + oy) * outWidth) + ox) * outputs;
                            for (int o = 0; o < outputs; o++)
                                for (int c = 0; c < channels; c++)
                                    y[to + o] += (double)x[from + c] * oihw[(((((o * channels) + c) * kernel) + ky) * kernel) + kx];
                        }
    }
}
