using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NativeDiffusion.Imaging;

/// <summary>Writes 8-bit RGB PNGs (PNG specification, third edition) with text chunks before the pixels.</summary>
internal static class PngWriter
{
    private const int LongestData = 1 << 20;

    /// <summary>The PNG signature.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a whole file.</summary>
    public static void Write(Stream stream, RgbImage image, IReadOnlyCollection<PngText> texts)
    {
        byte[][] textChunks = [.. texts.Select(TextData)]; // an invalid keyword is rejected before the first byte is written
        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8; // bits a sample
        header[9] = 2; // RGB
        header[10] = header[11] = header[12] = 0; // deflate, adaptive filters, not interlaced
        WriteChunk(stream, "IHDR"u8, header);
        int index = 0;
        foreach (PngText text in texts) WriteChunk(stream, IsLatin1(text.Text) ? "tEXt"u8 : "iTXt"u8, textChunks[index++]);

        byte[] data = Compress(image);
        for (int start = 0; start < data.Length; start += LongestData)
            WriteChunk(stream, "IDAT"u8, data.AsSpan(start, Math.Min(LongestData, data.Length - start)));
        WriteChunk(stream, "IEND"u8, []);
    }

    /// <summary>Writes one chunk: length, type, data, check sum of type and data.</summary>
    public static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), data));
        stream.Write(number);
    }

    private static byte[] Compress(RgbImage image)
    {
        int stride = image.Width * 3;
        byte[] before = new byte[stride];
        byte[] line = new byte[1 + stride];
        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Pixels.Slice(y * stride, stride);
                PngFilters.ApplyBest(row, before, 3, line);
                deflate.Write(line);
                row.CopyTo(before);
            }
        }

        return compressed.ToArray();
    }

    private static byte[] TextData(PngText text)
    {
        if (text.Keyword.Length is 0 or > 79 || text.Keyword.Any(c => c is < ' ' or (> '~' and < '\u00A1') or > '\u00FF')
            || text.Keyword.Trim() != text.Keyword)
            throw new ArgumentException($"The PNG keyword '{text.Keyword}' is not 1 to 79 printable Latin-1 characters without outer blanks.", nameof(text));
        string content = text.Text.Replace('\0', '\uFFFD'); // a zero would end the text; see IsLatin1
        byte[] keyword = Encoding.Latin1.GetBytes(text.Keyword);
        return IsLatin1(text.Text)
            ? [.. keyword, 0, .. Encoding.Latin1.GetBytes(content)]
            : [.. keyword, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(content)]; // not compressed, no language, no translated keyword
    }

    private static bool IsLatin1(string text) => !text.AsSpan().ContainsAnyExceptInRange('\u0001', '\u00FF');
}
