namespace NativeDiffusion.Imaging;

/// <summary>Conversion between pictures and the autoencoder's tensors: planes [3, H, W] of float32 in [-1, 1].</summary>
public static class PixelConversion
{
    /// <summary>Converts the decoder's output to a picture, as diffusers does: (x / 2 + 0.5) clamped to [0, 1], times 255, rounded half to even.</summary>
    /// <param name="planes">Red, green and blue plane of one picture, [3, H, W]; values outside [-1, 1] are clamped, NaN becomes 0.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <exception cref="ArgumentException">The length is not 3·H·W.</exception>
    public static RgbImage ToImage(ReadOnlySpan<float> planes, int width, int height)
    {
        int area = Area(planes.Length, width, height);
        byte[] pixels = new byte[3 * area];
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<float> plane = planes.Slice(c * area, area);
            for (int i = 0; i < area; i++) pixels[3 * i + c] = ToByte(plane[i]);
        }

        return RgbImage.Adopt(width, height, pixels);
    }

    /// <summary>Converts a picture to the encoder's input, as diffusers does: 2 · (byte / 255) - 1.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="planes">Filled with [3, H, W].</param>
    /// <exception cref="ArgumentException">The length is not 3·H·W.</exception>
    public static void ToPlanes(RgbImage image, Span<float> planes)
    {
        ArgumentNullException.ThrowIfNull(image);
        int area = Area(planes.Length, image.Width, image.Height);
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int c = 0; c < 3; c++)
        {
            Span<float> plane = planes.Slice(c * area, area);
            for (int i = 0; i < area; i++) plane[i] = 2f * (pixels[3 * i + c] / 255f) - 1f;
        }
    }

    /// <summary>The conversion of one channel.</summary>
    internal static byte ToByte(float x)
    {
        float unit = x / 2 + 0.5f;
        if (!(unit > 0)) return 0; // NaN too
        return (byte)MathF.Round(Math.Min(unit, 1) * 255f, MidpointRounding.ToEven);
    }

    private static int Area(int length, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (length != 3L * width * height) throw new ArgumentException(
            $"Planes of {width}x{height} have {3L * width * height} numbers, but {length} were given.", nameof(length));
        return width * height;
    }
}
