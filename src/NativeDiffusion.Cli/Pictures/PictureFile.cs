using NativeDiffusion.Imaging;
using SkiaSharp;

namespace NativeDiffusion.Cli.Pictures;

/// <summary>Reads and writes picture files: PNG by the library, the other formats by Skia.</summary>
internal static class PictureFile
{
    private const int Quality = 92;

    private static readonly (string Extension, PictureFormat Format)[] s_extensions =
    [
        (".png", PictureFormat.Png), (".jpg", PictureFormat.Jpeg), (".jpeg", PictureFormat.Jpeg), (".webp", PictureFormat.Webp),
    ];

    private static readonly string[] s_otherExtensions = [".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic", ".jxl", ".svg"];

    /// <summary>True for the extension of a picture format that is not written here.</summary>
    public static bool IsOtherFormat(string path) => s_otherExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The format of a file name's extension, or null.</summary>
    public static PictureFormat? FormatOf(string path)
    {
        foreach ((string extension, PictureFormat format) in s_extensions)
        {
            if (Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase))
                return format;
        }

        return null;
    }

    /// <summary>The extension of a format, with its dot.</summary>
    public static string Extension(PictureFormat format) => s_extensions.First(pair => pair.Format == format).Extension;

    /// <summary>Writes a picture with its generation parameters, atomically.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="image">The picture.</param>
    /// <param name="text">The generation parameters, or null.</param>
    /// <param name="format">The format.</param>
    public static void Write(string path, RgbImage image, string? text, PictureFormat format)
    {
        if (format == PictureFormat.Png)
        {
            image.SavePng(path, text is null ? [] : [new PngText(ImageText.PngKeyword, text)]);
            return;
        }

        byte[] file = Encode(image, format == PictureFormat.Jpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Webp);
        if (text is not null)
            file = ImageText.AddTo(file, text, path);
        AtomicFile.Write(path, stream => stream.Write(file));
    }

    /// <summary>Reads a picture of any format that Skia supports; transparent pixels are composited over white.</summary>
    public static RgbImage Read(string path)
    {
        byte[] file = ReadBytes(path);
        if (file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
            return PngImage.Decode(file, path).FlattenOnto(255, 255, 255);
        return WithSkia(() => Decode(file, path));
    }

    /// <summary>Reads the generation parameters of a picture.</summary>
    /// <exception cref="CliException">The picture has none.</exception>
    public static string ReadText(string path) =>
        ImageText.Read(ReadBytes(path), path)
            ?? throw new CliException($"{path} has no generation parameters, so it cannot be reproduced. Editors and messengers often remove them.");

    private static byte[] ReadBytes(string path) => File.Exists(path) ? File.ReadAllBytes(path) : throw new CliException($"There is no picture '{path}'.");

    private static byte[] Encode(RgbImage image, SKEncodedImageFormat format) => WithSkia(() =>
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        ReadOnlySpan<byte> rgb = image.Pixels;
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            rgb.Slice(i * 3, 3).CopyTo(pixels[(i * 4)..]);
            pixels[(i * 4) + 3] = 255;
        }

        using SKData data = bitmap.Encode(format, Quality)
            ?? throw new CliException($"Skia could not encode a picture of {image.Width}x{image.Height} pixels as {format}.");
        return data.ToArray();
    });

    private static RgbImage Decode(byte[] file, string path)
    {
        using var stream = new MemoryStream(file);
        using SKCodec codec = SKCodec.Create(stream, out SKCodecResult opened);
        if (opened != SKCodecResult.Success)
            throw new CliException($"{path} is not a picture of a supported format (PNG, JPEG, WebP, BMP, GIF).");
        if ((long)codec.Info.Width * codec.Info.Height > PngLimits.Default.Pixels)
            throw new CliException($"{path} has {codec.Info.Width}x{codec.Info.Height} pixels; the limit is {PngLimits.Default.Pixels}.");
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        SKCodecResult result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result is not (SKCodecResult.Success or SKCodecResult.IncompleteInput))
            throw new CliException($"{path} is damaged: Skia says {result}.");
        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        byte[] rgb = new byte[bitmap.Width * bitmap.Height * 3];
        for (int i = 0; i < bitmap.Width * bitmap.Height; i++)
        {
            int alpha = pixels[(i * 4) + 3];
            for (int c = 0; c < 3; c++)
                rgb[(i * 3) + c] = (byte)(((pixels[(i * 4) + c] * alpha) + (255 * (255 - alpha)) + 127) / 255);
        }

        return new RgbImage(bitmap.Width, bitmap.Height, rgb);
    }

    private static T WithSkia<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            throw new CliException(
                "SkiaSharp's native library was not found for this platform, so only PNG files can be read and written here. Use --format png.",
                ExitCodes.Failed, exception);
        }
    }
}
