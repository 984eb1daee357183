using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NativeDiffusion.Imaging;

namespace NativeDiffusion.Tests.Imaging;

/// <summary>Writes PNGs of every colour type, depth and interlacing from samples, in the plainest way, for the reader's tests.</summary>
internal sealed class TestPng
{
    private static readonly (int X, int Y, int Dx, int Dy)[] s_adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public int Width { get; init; } = 5;

    public int Height { get; init; } = 4;

    public int Depth { get; init; } = 8;

    public int ColourType { get; init; } = 2;

    public bool Interlaced { get; init; }

    public byte[]? Palette { get; init; }

    public byte[]? Transparency { get; init; }

    /// <summary>Chunks put before the pixels as they are.</summary>
    public IList<(string Type, byte[] Data)> Extra { get; init; } = [];

    /// <summary>The sample of a pixel's channel.</summary>
    public Func<int, int, int, int> Sample { get; init; } = (_, _, _) => 0;

    public int Samples => ColourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public byte[] Encode()
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = (byte)Depth;
        header[9] = (byte)ColourType;
        header[12] = (byte)(Interlaced ? 1 : 0);
        Chunk(file, "IHDR", header);
        if (Palette is not null) Chunk(file, "PLTE", Palette);
        if (Transparency is not null) Chunk(file, "tRNS", Transparency);
        foreach ((string type, byte[] data) in Extra) Chunk(file, type, data);
        byte[] pixels = Pixels();
        Chunk(file, "IDAT", pixels[..(pixels.Length / 2)]);
        Chunk(file, "IDAT", pixels[(pixels.Length / 2)..]);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    public static void Chunk(Stream file, string type, byte[] data)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, SlowCrc(body));
        file.Write(number);
    }

    /// <summary>Mends all check sums, so that a mutated file reaches the code behind them.</summary>
    public static void MendChecksums(byte[] file)
    {
        long position = 8;
        while (position + 12 <= file.Length)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)position));
            if (position + 12 + length > file.Length) return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)(position + 8 + length)), Crc32.Append(0, file.AsSpan((int)position + 4, (int)length + 4)));
            position += 12 + length;
        }
    }

    public static byte[] Deflate(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) stream.Write(data);
        return packed.ToArray();
    }

    private byte[] Pixels()
    {
        var rows = new List<byte>();
        int filter = 0;
        foreach ((int x0, int y0, int dx, int dy) in Interlaced ? s_adam7 : [(0, 0, 1, 1)])
        {
            byte[]? before = null;
            for (int y = y0; y < Height && x0 < Width; y += dy)
            {
                byte[] row = Pack(
                    Enumerable.Range(
                    0, Width).Where(x => x >= x0 && (x - x0) % dx == 0).SelectMany(x => Enumerable.Range(0, Samples).Select(c => Sample(x, y, c))));
                before ??= new byte[row.Length];
                rows.Add((byte)filter);
                rows.AddRange(Filter(filter, row, before));
                filter = (filter + 1) % 5; // every filter has its turn
                before = row;
            }
        }

        return Deflate([.. rows]);
    }

    private byte[] Pack(IEnumerable<int> samples)
    {
        if (Depth == 16) return [.. samples.SelectMany(s => (byte[])[(byte)(s >> 8), (byte)s])];
        string bits = string.Concat(samples.Select(s => Convert.ToString(s, 2).PadLeft(Depth, '0')));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '0');
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2))];
    }

    private byte[] Filter(int kind, byte[] row, byte[] before)
    {
        int pixel = Math.Max(Samples * Depth / 8, 1);
        return [.. row.Select((value, i) =>
        {
            int a = i < pixel ? 0 : row[i - pixel], b = before[i], c = i < pixel ? 0 : before[i - pixel];
            int p = a + b - c;
            int paeth = new[] { a, b, c }.MinBy(n => Math.Abs(p - n));
            return (byte)(value - kind switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => paeth, _ => 0 });
        })];
    }

    private static uint SlowCrc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
