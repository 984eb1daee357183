using System.Buffers.Binary;

namespace NativeDiffusion.Imaging;

/// <summary>The IHDR chunk, checked against the specification and the limits.</summary>
internal sealed record PngHeader
{
    // Deflate encodes at most 258 bytes in two bits, so real data cannot compress better than this.
    private const long HighestRatio = 1032;

    /// <summary>Pixels across.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels down.</summary>
    public required int Height { get; init; }

    /// <summary>Bits a sample: 1, 2, 4, 8 or 16.</summary>
    public required int Depth { get; init; }

    /// <summary>0 grey, 2 RGB, 3 palette, 4 grey and opacity, 6 RGB and opacity.</summary>
    public required int ColourType { get; init; }

    /// <summary>Whether the pixels come in Adam7's seven passes.</summary>
    public required bool Interlaced { get; init; }

    /// <summary>Samples a pixel.</summary>
    public int Samples => ColourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Bits a pixel.</summary>
    public int PixelBits => Samples * Depth;

    /// <summary>Parses and checks; nothing has been allocated for the pixels yet.</summary>
    public static PngHeader Read(PngFile png, PngLimits limits)
    {
        ReadOnlySpan<byte> data = png.Chunks[0].Data.Span;
        if (data.Length != 13) throw png.Error($"has an IHDR chunk of {data.Length} bytes; it must have 13");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        (int depth, int colour) = (data[8], data[9]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue) throw png.Error($"claims an impossible size of {width}x{height} pixels");
        bool known = colour switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!known) throw png.Error($"has colour type {colour} with {depth} bits a sample, which PNG does not have");
        if (data[10] != 0) throw png.Error($"is compressed by method {data[10]}; PNG knows only 0");
        if (data[11] != 0) throw png.Error($"is filtered by method {data[11]}; PNG knows only 0");
        if (data[12] > 1) throw png.Error($"is interlaced by method {data[12]}; PNG knows only 0 and 1");

        long pixels = (long)width * height;
        long most = Math.Min(limits.Pixels, RgbImage.MostPixels);
        if (pixels > most) throw png.Error($"has {width}x{height} = {pixels} pixels; the limit is {most}");
        var header = new PngHeader { Width = (int)width, Height = (int)height, Depth = depth, ColourType = colour, Interlaced = data[12] == 1 };
        long packed = png.Chunks.Where(chunk => chunk.Type == "IDAT").Sum(chunk => (long)chunk.Data.Length);
        long unpacked = pixels * header.PixelBits / 8;
        if (unpacked / HighestRatio > packed)
            throw png.Error($"claims {width}x{height} pixels, {unpacked} bytes, which its {packed} bytes of pixel data cannot hold");
        return header;
    }
}
