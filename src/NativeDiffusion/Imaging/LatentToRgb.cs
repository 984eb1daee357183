namespace NativeDiffusion.Imaging;

/// <summary>
/// An approximate picture of a latent without the decoder: each latent pixel times a small matrix. One eighth of the size, approximate colours; for
/// previews during sampling.
/// </summary>
public sealed class LatentToRgb
{
    private readonly float[] _factors; // [channels + 1, 3], the last row is added

    private LatentToRgb(int channels, float[] factors)
    {
        Channels = channels;
        _factors = factors;
    }

    /// <summary>Latent channels.</summary>
    public int Channels { get; }

    /// <summary>For the autoencoder of Stable Diffusion 1: the regression that ComfyUI uses, on scaled latents.</summary>
    public static LatentToRgb StableDiffusion1 { get; } = Create(
        [0.3512f, 0.2297f, 0.3227f, 0.3250f, 0.4974f, 0.2350f, -0.2829f, 0.1762f, 0.2721f, -0.2120f, -0.2616f, -0.7177f], [0, 0, 0]);

    /// <summary>Creates a projection.</summary>
    /// <param name="factors">[channels, 3]: the weights of a channel in red, green and blue, in units of [-1, 1].</param>
    /// <param name="bias">Three numbers added to every pixel.</param>
    /// <exception cref="ArgumentException">The lengths are not multiples of 3 and 3.</exception>
    public static LatentToRgb Create(ReadOnlySpan<float> factors, ReadOnlySpan<float> bias)
    {
        if (factors.Length == 0 || factors.Length % 3 != 0) throw new ArgumentException(
            $"The number of factors must be a multiple of 3, three per channel; {factors.Length} were given.", nameof(factors));
        if (bias.Length != 3) throw new ArgumentException($"The bias has 3 numbers; {bias.Length} were given.", nameof(bias));
        return new LatentToRgb(factors.Length / 3, [.. factors, .. bias]);
    }

    /// <summary>
    /// For an unknown autoencoder: the first channels as red, green and blue, or all as grey if there are fewer than three.
    /// </summary>
    /// <param name="channels">Latent channels.</param>
    public static LatentToRgb Generic(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        float[] factors = new float[3 * channels + 3];
        for (int c = 0; c < channels; c++)
        {
            for (int colour = 0; colour < 3; colour++) factors[3 * c + colour] = channels < 3 ? 0.5f / channels : c == colour ? 0.5f : 0;
        }

        return new LatentToRgb(channels, factors);
    }

    /// <summary>Fits the projection of an autoencoder to one latent and its decoded picture, by least squares.</summary>
    /// <param name="latent">[C, h, w].</param>
    /// <param name="planes">The decoder's output [3, s·h, s·w], each s x s block of which is averaged.</param>
    /// <param name="channels">C.</param>
    /// <param name="width">w.</param>
    /// <param name="height">h.</param>
    /// <param name="scale">s, 8 for Stable Diffusion.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the extents.</exception>
    public static LatentToRgb Fit(ReadOnlySpan<float> latent, ReadOnlySpan<float> planes, int channels, int width, int height, int scale) =>
        new(channels, LeastSquares.Solve(latent, planes, channels, width, height, scale));

    /// <summary>Computes the preview.</summary>
    /// <param name="latent">One picture's latent [C, h, w], scaled as in the sampler.</param>
    /// <param name="width">w.</param>
    /// <param name="height">h.</param>
    /// <returns>A picture of w x h pixels.</returns>
    /// <exception cref="ArgumentException">The length is not C·h·w.</exception>
    public RgbImage Draw(ReadOnlySpan<float> latent, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        int area = checked(width * height);
        if (latent.Length != (long)Channels * area) throw new ArgumentException(
            $"A latent of {Channels}x{height}x{width} has {(long)Channels * area} numbers, but {latent.Length} were given.", nameof(latent));
        byte[] pixels = new byte[checked(3 * area)];
        for (int i = 0; i < area; i++)
        {
            for (int colour = 0; colour < 3; colour++)
            {
                float sum = _factors[3 * Channels + colour];
                for (int c = 0; c < Channels; c++) sum += latent[c * area + i] * _factors[3 * c + colour];
                pixels[3 * i + colour] = PixelConversion.ToByte(sum);
            }
        }

        return RgbImage.Adopt(width, height, pixels);
    }
}
