using NativeDiffusion.Imaging;
using SkiaSharp;

namespace NativeDiffusion.Cli.Images;

/// <summary>Picture files on disk: PNG by our own reader and writer, JPEG and WebP through SkiaSharp, the generation text in all of them.</summary>
internal static class ImageFiles
{
    private const int JpegQuality = 95;
    private const int WebpQuality = 100; // Skia writes WebP without loss at 100

    /// <summary>The file endings that <see cref="Save"/> knows.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".png", ".jpg", ".jpeg", ".webp"];

    /// <summary>Whether a picture can be written under this name.</summary>
    public static bool CanSave(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes a picture in the format of the file's ending, whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="image">The picture.</param>
    /// <param name="parameters">The generation text, or null.</param>
    /// <param name="more">Further texts, for PNG alone.</param>
    /// <exception cref="CliException">The ending is not known.</exception>
    /// <exception cref="ArgumentException">The text is too long for a JPEG.</exception>
    public static void Save(string path, RgbImage image, string? parameters, params IReadOnlyCollection<PngText> more)
    {
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".PNG":
                image.SavePng(path, parameters is null ? more : [new PngText(ImageText.PngKeyword, parameters), .. more]);
                break;
            case ".JPG" or ".JPEG":
                SaveEncoded(path, image, SKEncodedImageFormat.Jpeg, JpegQuality, parameters);
                break;
            case ".WEBP":
                SaveEncoded(path, image, SKEncodedImageFormat.Webp, WebpQuality, parameters);
                break;
            default:
                throw new CliException($"{path}: pictures are written as {string.Join(", ", Endings)}; give the file one of these endings.", ExitCodes.Usage);
        }
    }

    /// <summary>Reads a picture: PNG, JPEG, WebP and what else Skia decodes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overWhite">Whether transparent pixels are laid over white, as A1111 does; else their opacity is ignored, as diffusers does.</param>
    /// <exception cref="ImageFormatException">The file is no picture, damaged or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LoadedImage Load(string path, bool overWhite = false)
    {
        byte[] file = ReadBounded(path);
        if (IsPng(file))
        {
            PngImage png = PngImage.Decode(file, path);
            string? text = png.Texts.FirstOrDefault(one => one.Keyword == ImageText.PngKeyword)?.Text;
            return new LoadedImage(overWhite && png.HasAlpha ? png.FlattenOnto(255, 255, 255) : png.ToRgb(), text);
        }

        RgbImage image = SkiaImages.Decode(file, path, overWhite);
        return new LoadedImage(image, HasText(file) ? ImageText.Read(file, path) : null);
    }

    /// <summary>Reads the generation text of a picture without its pixels.</summary>
    /// <param name="path">A PNG, JPEG or WebP file.</param>
    /// <returns>The text, or null when the file carries none.</returns>
    /// <exception cref="ImageFormatException">The file is none of these, or a damaged PNG.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? ReadParameters(string path) => ImageText.Read(ReadBounded(path), path);

    private static void SaveEncoded(string path, RgbImage image, SKEncodedImageFormat format, int quality, string? parameters)
    {
        byte[] encoded = SkiaImages.Encode(image, format, quality);
        byte[] file = parameters is null ? encoded : ImageText.AddTo(encoded, parameters, path);
        AtomicFile.Write(path, stream => stream.Write(file));
    }

    private static byte[] ReadBounded(string path)
    {
        long length = new FileInfo(path).Length;
        long most = PngLimits.Default.FileBytes;
        return length > most ? throw new ImageFormatException($"the file has {length} bytes; at most {most} are read", path) : File.ReadAllBytes(path);
    }

    private static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']);

    private static bool HasText(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, 0xD8, 0xFF]) || file.StartsWith("RIFF"u8);
}
