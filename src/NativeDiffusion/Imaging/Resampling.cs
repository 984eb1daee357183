namespace NativeDiffusion.Imaging;

/// <summary>
/// Separable convolution resampling with a kernel that widens when downscaling. Weights in 22-bit fixed point, rows first, then
/// columns, each pass rounded to bytes: the arithmetic of PIL's resize, so that init images are byte-identical.
/// </summary>
internal static class Resampling
{
    private const int Precision = 22;
    private const int Channels = 3;

    /// <summary>Resamples RGB bytes.</summary>
    public static byte[] Resize(ReadOnlySpan<byte> source, int width, int height, int newWidth, int newHeight, ResizeFilter filter)
    {
        byte[] pixels = source.ToArray();
        if (newWidth != width) pixels = Across(pixels, width, height, newWidth, Taps.Of(width, newWidth, filter));
        if (newHeight != height) pixels = Down(pixels, newWidth, newHeight, Taps.Of(height, newHeight, filter));
        return pixels;
    }

    private static byte[] Across(byte[] source, int width, int height, int newWidth, Taps[] taps)
    {
        byte[] result = new byte[checked(newWidth * height * Channels)];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = source.AsSpan(y * width * Channels, width * Channels);
            Span<byte> target = result.AsSpan(y * newWidth * Channels, newWidth * Channels);
            for (int x = 0; x < newWidth; x++)
            {
                (int first, int[] weights) = taps[x];
                for (int c = 0; c < Channels; c++)
                {
                    int sum = 1 << (Precision - 1);
                    for (int k = 0; k < weights.Length; k++) sum += row[(first + k) * Channels + c] * weights[k];
                    target[x * Channels + c] = Clip(sum);
                }
            }
        }

        return result;
    }

    private static byte[] Down(byte[] source, int width, int newHeight, Taps[] taps)
    {
        int stride = width * Channels;
        byte[] result = new byte[checked(newHeight * stride)];
        int[] sums = new int[stride];
        for (int y = 0; y < newHeight; y++)
        {
            Array.Fill(sums, 1 << (Precision - 1));
            (int first, int[] weights) = taps[y];
            for (int k = 0; k < weights.Length; k++)
            {
                ReadOnlySpan<byte> row = source.AsSpan((first + k) * stride, stride);
                for (int i = 0; i < stride; i++) sums[i] += row[i] * weights[k];
            }

            Span<byte> target = result.AsSpan(y * stride, stride);
            for (int i = 0; i < stride; i++) target[i] = Clip(sums[i]);
        }

        return result;
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> Precision, 0, 255);

    /// <summary>The source pixels of one target pixel.</summary>
    private readonly record struct Taps(int First, int[] Weights)
    {
        public static Taps[] Of(int size, int newSize, ResizeFilter filter)
        {
            double scale = (double)size / newSize;
            double widening = Math.Max(scale, 1);
            double support = Support(filter) * widening;
            var taps = new Taps[newSize];
            for (int i = 0; i < newSize; i++)
            {
                double center = (i + 0.5) * scale;
                int first = Math.Max((int)(center - support + 0.5), 0);
                int count = Math.Min((int)(center + support + 0.5), size) - first;
                double[] weights = new double[count];
                double total = 0;
                for (int k = 0; k < count; k++) total += weights[k] = Kernel(filter, (k + first - center + 0.5) * (1 / widening));
                int[] whole = new int[count];
                for (int k = 0; k < count; k++)
                {
                    double scaled = (total == 0 ? weights[k] : weights[k] / total) * (1 << Precision);
                    whole[k] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
                }

                taps[i] = new Taps(first, whole);
            }

            return taps;
        }

        private static double Support(ResizeFilter filter) => filter switch
        {
            ResizeFilter.Lanczos => 3,
            ResizeFilter.Bicubic => 2,
            ResizeFilter.Bilinear => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "The filter is Lanczos, Bicubic or Bilinear."),
        };

        private static double Kernel(ResizeFilter filter, double x)
        {
            double a = Math.Abs(x);
            return filter switch
            {
                ResizeFilter.Lanczos => a < 3 ? Sinc(x) * Sinc(x / 3) : 0,
                ResizeFilter.Bicubic => a < 1 ? (1.5 * a - 2.5) * a * a + 1 : a < 2 ? ((a - 5) * a + 8) * a * -0.5 + 2 : 0,
                _ => a < 1 ? 1 - a : 0,
            };
        }

        // sin(pi x) / (pi x) with the nearest integer subtracted first, so that it is the same on every platform.
        private static double Sinc(double x)
        {
            if (x == 0) return 1;
            double turns = Math.Floor(x + 0.5);
            double r = (x - turns) * Math.PI;
            double s = r * r;
            double series = 0;
            for (int n = 23; n >= 3; n -= 2) series = (1 + series) * -s / (n * (n - 1));
            double sine = r + r * series;
            return ((long)turns % 2 == 0 ? sine : -sine) / (x * Math.PI);
        }
    }
}
