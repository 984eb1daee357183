namespace NativeDiffusion.Imaging;

/// <summary>
/// The generation text in picture files of any of the three formats: a PNG's <c>parameters</c> chunk, the EXIF user comment of JPEG and WebP.
/// Works on finished files; encoding JPEG and WebP is somebody else's task.
/// </summary>
public static class ImageText
{
    /// <summary>The keyword of the PNG text that A1111 and its kin write and read.</summary>
    public const string PngKeyword = "parameters";

    /// <summary>Puts the text into an encoded JPEG or WebP.</summary>
    /// <param name="file">The encoded file.</param>
    /// <param name="text">The generation text.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <returns>The file with the text; an EXIF block that was there is replaced.</returns>
    /// <exception cref="ImageFormatException">The file is neither JPEG nor WebP, or damaged.</exception>
    /// <exception cref="ArgumentException">The text is too long for a JPEG (about 32,000 characters).</exception>
    public static byte[] AddTo(ReadOnlySpan<byte> file, string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (JpegText.IsJpeg(file)) return JpegText.Insert(file, text);
        if (WebpText.IsWebp(file)) return WebpText.Insert(file, text, name);
        throw new ImageFormatException("is neither a JPEG nor a WebP file, so no EXIF text can be put into it", name);
    }

    /// <summary>Reads the generation text of a PNG, JPEG or WebP.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <returns>The text, or null when the file carries none.</returns>
    /// <exception cref="ImageFormatException">The file is none of the three, or a damaged PNG.</exception>
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
