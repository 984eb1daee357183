namespace NativeDiffusion.Imaging;

/// <summary>
/// The generation parameters in picture files of the three formats: a PNG's <c>parameters</c> chunk, the EXIF user comment of JPEG and WebP.
/// Works on encoded files; encoding JPEG and WebP is the caller's responsibility.
/// </summary>
public static class ImageText
{
    /// <summary>The keyword of the PNG text chunk that A1111 and compatible tools use.</summary>
    public const string PngKeyword = "parameters";

    /// <summary>Inserts the text into an encoded JPEG or WebP.</summary>
    /// <param name="file">The encoded file.</param>
    /// <param name="text">The generation text.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <returns><returns>The file with the text; an existing EXIF block is replaced.</returns></returns>
    /// <exception cref="ImageFormatException">The file is neither JPEG nor WebP, or damaged.</exception>
    /// <exception cref="ArgumentException">The text is too long for a JPEG (about 32,000 characters).</exception>
    public static byte[] AddTo(ReadOnlySpan<byte> file, string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (JpegText.IsJpeg(file)) return JpegText.Insert(file, text);
        if (WebpText.IsWebp(file)) return WebpText.Insert(file, text, name);
        throw new ImageFormatException("is neither a JPEG nor a WebP file, so EXIF cannot be inserted", name);
    }

    /// <summary>Reads the generation parameters of a PNG, JPEG or WebP.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <returns><returns>The text, or null if the file has none.</returns></returns>
    /// <exception cref="ImageFormatException">Another format, or a damaged PNG.</exception>
    public static string? Read(ReadOnlyMemory<byte> file, string name)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (JpegText.IsJpeg(bytes)) return JpegText.Read(bytes);
        if (WebpText.IsWebp(bytes)) return WebpText.Read(bytes);
        if (!bytes.StartsWith(PngWriter.Signature)) throw new ImageFormatException("is neither a PNG, a JPEG nor a WebP file", name);
        foreach (PngText text in PngTexts.Read(new PngFile(file, name), PngLimits.Default))
        {
            if (text.Keyword == PngKeyword) return text.Text;
        }

        return null;
    }
}
