using System.Buffers.Binary;

namespace NativeDiffusion.Imaging;

/// <summary>Inserts generation parameters into an encoded JPEG (APP1 segment, EXIF UserComment) and reads them; the image data is unchanged.</summary>
internal static class JpegText
{
    private const int LongestSegment = ushort.MaxValue; // with the two bytes of its length
    private const byte StartOfScan = 0xDA, App0 = 0xE0, App1 = 0xE1;

    private static ReadOnlySpan<byte> Exif => "Exif\0\0"u8;

    /// <summary>Whether bytes start with the JPEG signature.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    /// <summary>Inserts the text after the JFIF segment; an existing EXIF segment is replaced.</summary>
    public static byte[] Insert(ReadOnlySpan<byte> file, string text)
    {
        byte[] tiff = ExifComment.Build(text);
        int length = 2 + Exif.Length + tiff.Length;
        if (length > LongestSegment) throw new ArgumentException(
            $"The text has {text.Length} characters; a JPEG's EXIF segment holds at most {text.Length - (length - LongestSegment + 1) / 2}. Save as PNG or "
                + $"WebP instead.", nameof(text));

        using var result = new MemoryStream(file.Length + length + 2);
        result.Write(file[..2]);
        int position = 2;
        bool written = false;
        while (Next(file, position) is { } segment && segment.Marker != StartOfScan)
        {
            if (!written && segment.Marker != App0)
            {
                WriteSegment(result, tiff, length);
                written = true;
            }

            if (!IsExif(segment, file)) result.Write(file[position..segment.End]);
            position = segment.End;
        }

        if (!written) WriteSegment(result, tiff, length);
        result.Write(file[position..]);
        return result.ToArray();
    }

    /// <summary>The text, or null.</summary>
    public static string? Read(ReadOnlySpan<byte> file)
    {
        int position = 2;
        while (Next(file, position) is { } segment && segment.Marker != StartOfScan)
        {
            if (IsExif(segment, file) && ExifComment.Read(file[segment.Data..segment.End]) is { } text) return text;
            position = segment.End;
        }

        return null;
    }

    private static bool IsExif((byte Marker, int Data, int End) segment, ReadOnlySpan<byte> file) =>
        segment.Marker == App1 && file[segment.Data..segment.End].StartsWith(Exif);

    private static void WriteSegment(MemoryStream result, byte[] tiff, int length)
    {
        result.Write([0xFF, App1, (byte)(length >> 8), (byte)length]);
        result.Write(Exif);
        result.Write(tiff);
    }

    // The segment at a position, or null if there is no valid segment.
    private static (byte Marker, int Data, int End)? Next(ReadOnlySpan<byte> file, int position)
    {
        if (position + 4 > file.Length || file[position] != 0xFF) return null;
        int length = BinaryPrimitives.ReadUInt16BigEndian(file[(position + 2)..]);
        int end = position + 2 + length;
        return length < 2 || end > file.Length ? null : (file[position + 1], position + 4, end);
    }
}
