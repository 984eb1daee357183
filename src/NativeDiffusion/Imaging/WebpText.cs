using System.Buffers.Binary;

namespace NativeDiffusion.Imaging;

/// <summary>
/// Inserts generation parameters into an encoded WebP (EXIF chunk; a simple file becomes an extended one) and reads them; the image data is unchanged.
/// </summary>
internal static class WebpText
{
    private const int HeaderLength = 12;
    private const byte ExifFlag = 0x08, AlphaFlag = 0x10;

    /// <summary>Whether bytes start with the WebP signature.</summary>
    public static bool IsWebp(ReadOnlySpan<byte> file) =>
        file.Length >= HeaderLength && file.StartsWith("RIFF"u8) && file[8..HeaderLength].SequenceEqual("WEBP"u8);

    /// <summary>Appends the text after the picture; an existing EXIF chunk is replaced.</summary>
    /// <exception cref="ImageFormatException">The file's chunks are damaged.</exception>
    public static byte[] Insert(ReadOnlySpan<byte> file, string text, string name)
    {
        List<(int Start, int End)> chunks = Chunks(file);
        if (chunks.Count == 0) throw new ImageFormatException("is damaged: the WebP has no picture chunk", name);
        using var result = new MemoryStream();
        result.Write(file[..HeaderLength]);
        bool extended = Is(file, chunks[0].Start, "VP8X"u8);
        if (!extended) WriteChunk(result, "VP8X"u8, ExtendedHeader(file, chunks[0], name));
        foreach ((int start, int end) in chunks)
        {
            if (Is(file, start, "EXIF"u8)) continue;
            ReadOnlySpan<byte> data = file[(start + 8)..end];
            if (Is(file, start, "VP8X"u8))
            {
                byte[] header = data.ToArray();
                if (header.Length == 0) throw new ImageFormatException("is damaged: the WebP has an empty VP8X chunk", name);
                header[0] |= ExifFlag;
                WriteChunk(result, "VP8X"u8, header);
            }
            else
            {
                WriteChunk(result, file.Slice(start, 4), data);
            }
        }

        WriteChunk(result, "EXIF"u8, ExifComment.Build(text));
        byte[] bytes = result.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        return bytes;
    }

    /// <summary>The text, or null.</summary>
    public static string? Read(ReadOnlySpan<byte> file)
    {
        foreach ((int start, int end) in Chunks(file))
        {
            if (Is(file, start, "EXIF"u8)) return ExifComment.Read(file[(start + 8)..end]);
        }

        return null;
    }

    // Flags, three reserved bytes, width - 1 and height - 1 in 24 bits each.
    private static byte[] ExtendedHeader(ReadOnlySpan<byte> file, (int Start, int End) picture, string name)
    {
        ReadOnlySpan<byte> data = file[(picture.Start + 8)..picture.End];
        int width, height;
        byte flags = ExifFlag;
        if (Is(file, picture.Start, "VP8L"u8) && data.Length >= 5 && data[0] == 0x2F)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            width = (int)(bits & 0x3FFF) + 1;
            height = (int)((bits >> 14) & 0x3FFF) + 1;
            if ((bits >> 28 & 1) != 0) flags |= AlphaFlag;
        }
        else if (Is(file, picture.Start, "VP8 "u8) && data.Length >= 10 && data[3..6].SequenceEqual<byte>([0x9D, 0x01, 0x2A]))
        {
            width = BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF;
            height = BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF;
        }
        else
        {
            throw new ImageFormatException("is damaged: the WebP's first chunk is not a picture", name);
        }

        (int right, int bottom) = (width - 1, height - 1);
        return [flags, 0, 0, 0, (byte)right, (byte)(right >> 8), (byte)(right >> 16), (byte)bottom, (byte)(bottom >> 8), (byte)(bottom >> 16)];
    }

    private static void WriteChunk(MemoryStream result, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        result.Write(type);
        result.Write(length);
        result.Write(data);
        if (data.Length % 2 != 0) result.WriteByte(0);
    }

    private static bool Is(ReadOnlySpan<byte> file, int start, ReadOnlySpan<byte> type) => file.Slice(start, 4).SequenceEqual(type);

    // Ranges of whole chunks, without their padding; a truncated one at the end is skipped.
    private static List<(int Start, int End)> Chunks(ReadOnlySpan<byte> file)
    {
        var chunks = new List<(int, int)>();
        long position = HeaderLength;
        while (position + 8 <= file.Length)
        {
            long end = position + 8 + BinaryPrimitives.ReadUInt32LittleEndian(file[((int)position + 4)..]);
            if (end > file.Length) break;
            chunks.Add(((int)position, (int)end));
            position = end + (end & 1);
        }

        return chunks;
    }
}
