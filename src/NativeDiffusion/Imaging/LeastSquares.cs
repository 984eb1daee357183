namespace NativeDiffusion.Imaging;

/// <summary>Fits a linear map from latent pixels to averaged picture pixels: the normal equations, with a small ridge term for flat latents.</summary>
internal static class LeastSquares
{
    private const double Ridge = 1e-6;

    /// <summary>Returns the factors [channels + 1, 3]; the last row is the constant.</summary>
    public static float[] Solve(ReadOnlySpan<float> latent, ReadOnlySpan<float> planes, int channels, int width, int height, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        int area = checked(width * height);
        if (latent.Length != (long)channels * area) throw new ArgumentException(
            $"A latent of {channels}x{height}x{width} has {(long)channels * area} numbers, but {latent.Length} were given.", nameof(latent));
        if (planes.Length != 3L * area * scale * scale) throw new ArgumentException(
            $"The decoded picture has {3L * area * scale * scale} numbers, but {planes.Length} were given.", nameof(planes));

        int n = channels + 1;
        double[,] system = new double[n, n + 3];
        double[] row = new double[n + 3];
        for (int i = 0; i < area; i++)
        {
            for (int c = 0; c < channels; c++) row[c] = latent[c * area + i];
            row[channels] = 1;
            for (int colour = 0; colour < 3; colour++) row[n + colour] = BlockMean(planes, colour, i % width, i / width, width, height, scale);
            for (int a = 0; a < n; a++)
            {
                for (int b = 0; b < n + 3; b++) system[a, b] += row[a] * row[b];
            }
        }

        for (int a = 0; a < n; a++) system[a, a] += Ridge * area;
        Eliminate(system, n);
        float[] factors = new float[3 * n];
        for (int a = 0; a < n; a++)
        {
            for (int colour = 0; colour < 3; colour++) factors[3 * a + colour] = (float)system[a, n + colour];
        }

        return factors;
    }

    private static double BlockMean(ReadOnlySpan<float> planes, int colour, int x, int y, int width, int height, int scale)
    {
        double sum = 0;
        int start = ((colour * height + y) * scale * width + x) * scale;
        for (int dy = 0; dy < scale; dy++)
        {
            for (int dx = 0; dx < scale; dx++) sum += Math.Clamp(planes[start + dy * width * scale + dx], -1, 1);
        }

        return sum / (scale * scale);
    }

    // Gauss-Jordan elimination; the matrix is symmetric and positive definite, so no pivoting is needed.
    private static void Eliminate(double[,] system, int n)
    {
        for (int pivot = 0; pivot < n; pivot++)
        {
            double divisor = system[pivot, pivot];
            for (int b = pivot; b < n + 3; b++) system[pivot, b] /= divisor;
            for (int a = 0; a < n; a++)
            {
                double factor = system[a, pivot];
                if (a == pivot || factor == 0) continue;
                for (int b = pivot; b < n + 3; b++) system[a, b] -= factor * system[pivot, b];
            }
        }
    }
}
