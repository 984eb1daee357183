namespace NativeDiffusion.Randomness;

/// <summary>Spherical interpolation of two noises (Shoemake 1985), along A1111's axis: the rows of each column.</summary>
internal static class SphericalInterpolation
{
    /// <summary>Replaces <paramref name="low"/> by the point at <paramref name="t"/> between both.</summary>
    /// <param name="t">0 keeps <paramref name="low"/>, 1 gives <paramref name="high"/>.</param>
    /// <param name="low">[C, H, W].</param>
    /// <param name="high">[C, H, W].</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H: the axis over which norms and products are summed.</param>
    /// <param name="width">W.</param>
    public static void Blend(float t, Span<float> low, ReadOnlySpan<float> high, int channels, int height, int width)
    {
        float[] dots = new float[channels * width];
        double mean = 0;
        for (int c = 0; c < channels; c++)
        {
            for (int x = 0; x < width; x++)
            {
                double dot = Cosine(low, high, c * height * width + x, height, width);
                dots[c * width + x] = (float)dot;
                mean += dot;
            }
        }

        // Nearly parallel noises are interpolated linearly, in A1111 with the weights exchanged.
        bool parallel = mean / dots.Length > 0.9995;
        for (int c = 0; c < channels; c++)
        {
            for (int x = 0; x < width; x++)
            {
                (float a, float b) = parallel ? (t, 1 - t) : Weights(t, dots[c * width + x]);
                for (int y = 0; y < height; y++)
                {
                    int i = (c * height + y) * width + x;
                    low[i] = a * low[i] + b * high[i];
                }
            }
        }
    }

    private static (float Low, float High) Weights(float t, float dot)
    {
        float omega = (float)Elementary.Acos(dot);
        float sine = (float)Elementary.SinCos(omega).Sin;
        return ((float)Elementary.SinCos((float)(1.0 - t) * omega).Sin / sine, (float)Elementary.SinCos(t * omega).Sin / sine);
    }

    private static double Cosine(ReadOnlySpan<float> low, ReadOnlySpan<float> high, int start, int height, int width)
    {
        double lowSquares = 0, highSquares = 0, product = 0;
        for (int y = 0; y < height; y++)
        {
            double a = low[start + y * width], b = high[start + y * width];
            lowSquares += a * a;
            highSquares += b * b;
            product += a * b;
        }

        return product / (Math.Sqrt(lowSquares) * Math.Sqrt(highSquares));
    }
}
