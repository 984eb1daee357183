namespace NativeDiffusion.Imaging;

/// <summary>A picture: 8 bits each of red, green and blue per pixel, rows from the top, without padding. Immutable.</summary>
public sealed class RgbImage
{
    /// <summary>The maximum number of pixels, so that the bytes fit an array.</summary>
    internal const long MostPixels = int.MaxValue / 4;

    private readonly byte[] _pixels;

    /// <summary>Creates a picture; the pixels are copied.</summary>
    /// <param name="width">Pixels across, at least 1.</param>
    /// <param name="height">Pixels down, at least 1.</param>
    /// <param name="pixels">width · height · 3 bytes: red, green, blue of each pixel, rows from the top.</param>
    /// <exception cref="ArgumentException">The extents are not positive or do not fit the number of bytes.</exception>
    public RgbImage(int width, int height, ReadOnlySpan<byte> pixels)
        : this(width, height, pixels.ToArray())
    {
    }

    private RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (pixels.LongLength != (long)width * height * 3)
            throw new ArgumentException(
                $"A picture of {width}x{height} has {(long)width * height * 3} bytes, but {pixels.LongLength} were given.", nameof(pixels));
        Width = width;
        Height = height;
        _pixels = pixels;
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue of each pixel, rows from the top; width · height · 3 bytes, valid for the lifetime of the picture.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Copies the pixels.</summary>
    /// <param name="destination">At least width · height · 3 bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<byte> destination) => _pixels.CopyTo(destination);

    /// <summary>Writes a PNG. The same picture and texts give the same bytes.</summary>
    /// <param name="stream">The target; left open.</param>
    /// <param name="texts">Text chunks, such as <c>parameters</c>; null for none.</param>
    /// <exception cref="ArgumentException">A keyword is not 1 to 79 printable Latin-1 characters.</exception>
    public void SavePng(Stream stream, IReadOnlyCollection<PngText>? texts = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        PngWriter.Write(stream, this, texts ?? []);
    }

    /// <summary>Writes a PNG file atomically; an existing file is replaced.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="texts">Text chunks, such as <c>parameters</c>; null for none.</param>
    /// <exception cref="ArgumentException">A keyword is not 1 to 79 printable Latin-1 characters.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path, IReadOnlyCollection<PngText>? texts = null) =>
        AtomicFile.Write(path, stream => SavePng(stream, texts));

    /// <summary>Resizes the picture, as PIL's <c>resize</c> does (antialiased, the same bytes).</summary>
    /// <param name="width">New pixels across, at least 1.</param>
    /// <param name="height">New pixels down, at least 1.</param>
    /// <param name="filter">The kernel; diffusers uses Lanczos.</param>
    /// <returns>The new picture, or this one when the size is the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An extent is not positive, or the picture would be too large.</exception>
    public RgbImage Resize(int width, int height, ResizeFilter filter = ResizeFilter.Lanczos)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, MostPixels, nameof(width));
        return (width, height) == (Width, Height) ? this : Adopt(width, height, Resampling.Resize(_pixels, Width, Height, width, height, filter));
    }

    /// <summary>Creates a picture over an array that is not shared.</summary>
    internal static RgbImage Adopt(int width, int height, byte[] pixels) => new(width, height, pixels);
}
