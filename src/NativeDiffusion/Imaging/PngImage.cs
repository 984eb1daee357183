namespace NativeDiffusion.Imaging;

/// <summary>A decoded PNG: 8 bits each of red, green, blue and opacity per pixel, and its text chunks.</summary>
public sealed class PngImage
{
    private readonly byte[] _rgba;

    internal PngImage(int width, int height, bool hasAlpha, byte[] rgba, IReadOnlyList<PngText> texts)
    {
        Width = width;
        Height = height;
        HasAlpha = hasAlpha;
        _rgba = rgba;
        Texts = texts;
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>Whether the file has opacity; otherwise every pixel is opaque.</summary>
    public bool HasAlpha { get; }

    /// <summary>Red, green, blue and opacity (255 is opaque) of each pixel, rows from the top. 16-bit samples are truncated to their upper byte.</summary>
    public ReadOnlySpan<byte> Rgba => _rgba;

    /// <summary>The texts (tEXt, zTXt, iTXt), in the file's order.</summary>
    public IReadOnlyList<PngText> Texts { get; }

    /// <summary>Reads a PNG file: all colour types and depths, palettes, transparency, interlacing; of animations the default image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">Size limits; null for <see cref="PngLimits.Default"/>.</param>
    /// <exception cref="ImageFormatException">The file is not a PNG, is damaged or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PngImage Read(string path, PngLimits? limits = null)
    {
        limits ??= PngLimits.Default;
        return Decode(PngFile.Load(path, limits), path, limits);
    }

    /// <summary>Decodes a PNG in memory.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="limits">Size limits; null for <see cref="PngLimits.Default"/>.</param>
    /// <exception cref="ImageFormatException">The file is not a PNG, is damaged or too large.</exception>
    public static PngImage Decode(ReadOnlyMemory<byte> file, string name, PngLimits? limits = null)
    {
        limits ??= PngLimits.Default;
        var png = new PngFile(file, name);
        PngHeader header = PngHeader.Read(png, limits);
        IReadOnlyList<PngText> texts = PngTexts.Read(png, limits);
        (byte[] rgba, bool hasAlpha) = PngPixels.Decode(png, header);
        return new PngImage(header.Width, header.Height, hasAlpha, rgba, texts);
    }

    /// <summary>Reads the texts of a PNG file without decoding its pixels.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What is refused as too large; null for <see cref="PngLimits.Default"/>.</param>
    /// <exception cref="ImageFormatException">The file is not a PNG, is damaged, or its texts are too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<PngText> ReadTexts(string path, PngLimits? limits = null)
    {
        limits ??= PngLimits.Default;
        return PngTexts.Read(new PngFile(PngFile.Load(path, limits), path), limits);
    }

    /// <summary>The picture without its opacity, as PIL's <c>convert("RGB")</c>: diffusers' rule for init images and masks.</summary>
    public RgbImage ToRgb()
    {
        byte[] rgb = new byte[Width * Height * 3];
        for (int i = 0, o = 0; i < _rgba.Length; i += 4, o += 3) _rgba.AsSpan(i, 3).CopyTo(rgb.AsSpan(o));
        return RgbImage.Adopt(Width, Height, rgb);
    }

    /// <summary>The picture over a colour, with PIL's rounding: A1111's rule for init images, over white.</summary>
    public RgbImage FlattenOnto(byte red, byte green, byte blue)
    {
        ReadOnlySpan<byte> under = [red, green, blue];
        byte[] rgb = new byte[Width * Height * 3];
        for (int i = 0, o = 0; i < _rgba.Length; i += 4, o += 3)
        {
            int alpha = _rgba[i + 3];
            for (int c = 0; c < 3; c++)
            {
                int mixed = _rgba[i + c] * alpha + under[c] * (255 - alpha) + 128;
                rgb[o + c] = (byte)(((mixed >> 8) + mixed) >> 8);
            }
        }

        return RgbImage.Adopt(Width, Height, rgb);
    }
}
