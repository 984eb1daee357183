namespace NativeDiffusion.Imaging;

/// <summary>An inpainting mask: 1 (white) is repainted, 0 (black) is kept. Thresholded at one half, as diffusers does. Immutable.</summary>
public sealed class InpaintMask
{
    private readonly float[] _values;

    private InpaintMask(int width, int height, float[] values)
    {
        Width = width;
        Height = height;
        _values = values;
    }

    /// <summary>Cells across.</summary>
    public int Width { get; }

    /// <summary>Cells down.</summary>
    public int Height { get; }

    /// <summary>0 or 1 of each cell, [H, W].</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Creates a mask from a picture, with PIL's grey conversion (0.299 R + 0.587 G + 0.114 B in 16-bit fixed point).</summary>
    /// <param name="image">The picture, of the size of the picture to inpaint.</param>
    public static InpaintMask FromImage(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        float[] values = new float[image.Width * image.Height];
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int i = 0; i < values.Length; i++)
        {
            int grey = (pixels[3 * i] * 19595 + pixels[3 * i + 1] * 38470 + pixels[3 * i + 2] * 7471 + 0x8000) >> 16;
            values[i] = grey / 255f < 0.5f ? 0 : 1;
        }

        return new InpaintMask(image.Width, image.Height, values);
    }

    /// <summary>Resizes the mask to the latent's size by nearest neighbour, torch's rule: cell floor(i · old / new).</summary>
    /// <param name="width">New cells across: picture width / 8.</param>
    /// <param name="height">New cells down.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is not positive.</exception>
    public InpaintMask Nearest(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        float across = (float)Width / width;
        float down = (float)Height / height;
        float[] values = new float[checked(width * height)];
        for (int y = 0; y < height; y++)
        {
            int row = Math.Min((int)(y * down), Height - 1) * Width;
            for (int x = 0; x < width; x++) values[y * width + x] = _values[row + Math.Min((int)(x * across), Width - 1)];
        }

        return new InpaintMask(width, height, values);
    }

    /// <summary>The encoder input of models with nine channels: sets planes [3, H, W] to 0 (middle grey) where the mask is 1.</summary>
    /// <param name="planes">Changed in place; H and W are the mask's.</param>
    /// <exception cref="ArgumentException">The length is not 3·H·W.</exception>
    public void Blank(Span<float> planes)
    {
        if (planes.Length != 3 * _values.Length) throw new ArgumentException(
            $"Planes of {Width}x{Height} have {3 * _values.Length} numbers, but {planes.Length} were given.", nameof(planes));
        for (int i = 0; i < planes.Length; i++)
        {
            if (_values[i % _values.Length] >= 0.5f) planes[i] = 0;
        }
    }
}
