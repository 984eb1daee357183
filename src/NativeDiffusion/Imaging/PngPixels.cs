using System.IO.Compression;

namespace NativeDiffusion.Imaging;

/// <summary>Unpacks, unfilters and deinterlaces the pixel data.</summary>
internal static class PngPixels
{
    // Adam7: first column, first row, step across, step down of each pass.
    private static readonly (int X, int Y, int StepX, int StepY)[] s_passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] s_whole = [(0, 0, 1, 1)];

    /// <summary>Decodes to RGBA.</summary>
    public static (byte[] Rgba, bool HasAlpha) Decode(PngFile png, PngHeader header)
    {
        var colours = new PngColours(png, header);
        byte[] rgba = new byte[(long)header.Width * header.Height * 4];
        using var packed = new ChunkStream(png.Chunks.Where(chunk => chunk.Type == "IDAT").Select(chunk => chunk.Data));
        using var data = new ZLibStream(packed, CompressionMode.Decompress);
        foreach ((int x, int y, int stepX, int stepY) in header.Interlaced ? s_passes : s_whole)
        {
            int columns = (header.Width - x + stepX - 1) / stepX;
            int rows = (header.Height - y + stepY - 1) / stepY;
            if (columns <= 0 || rows <= 0) continue;
            int stride = (int)(((long)columns * header.PixelBits + 7) / 8);
            byte[] line = new byte[1 + stride];
            byte[] before = new byte[stride];
            for (int row = 0; row < rows; row++)
            {
                ReadRow(png, data, line, y + row * stepY);
                Span<byte> samples = line.AsSpan(1);
                PngFilters.Undo(line[0], samples, before, Math.Max(header.PixelBits / 8, 1));
                samples.CopyTo(before);
                colours.Expand(samples, columns, rgba.AsSpan(((y + row * stepY) * header.Width + x) * 4), stepX * 4);
            }
        }

        CheckEnd(png, data);
        return (rgba, colours.HasAlpha);
    }

    private static void ReadRow(PngFile png, ZLibStream data, byte[] line, int row)
    {
        int read;
        try
        {
            read = data.ReadAtLeast(line, line.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw png.Error($"is damaged: its pixel data cannot be unpacked from row {row} on", e);
        }

        if (read < line.Length) throw png.Error($"is cut short: its pixel data ends in row {row}");
        if (line[0] > 4) throw png.Error($"is damaged: row {row} has filter {line[0]}; PNG knows 0 to 4");
    }

    // Extra data after the pixels is ignored, as in PIL; but reading on makes zlib verify its checksum.
    private static void CheckEnd(PngFile png, ZLibStream data)
    {
        try
        {
            _ = data.ReadByte();
        }
        catch (InvalidDataException e)
        {
            throw png.Error("is damaged: the check sum of its pixel data does not match", e);
        }
    }
}
