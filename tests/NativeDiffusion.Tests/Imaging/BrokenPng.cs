using System.Buffers.Binary;
using NativeDiffusion.Imaging;

namespace NativeDiffusion.Tests.Imaging;

/// <summary>PNGs with one defect each.</summary>
internal static class BrokenPng
{
    private const int FirstChunk = 8;
    private const int AfterHeader = FirstChunk + 12 + 13;

    public static byte[] Make(string defect)
    {
        byte[] good = new TestPng { Sample = (x, y, c) => x + y + c }.Encode();
        switch (defect)
        {
            case "empty": return [];
            case "jpeg": return [0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
            case "no IEND": return good[..^12];
            case "crc":
                good[FirstChunk + 20] ^= 1;
                return good;
            case "length":
                BinaryPrimitives.WriteInt32BigEndian(good.AsSpan(AfterHeader), int.MaxValue);
                return good;
            case "type letters":
                good[AfterHeader + 5] = 0;
                return good;
            case "two headers": return [.. good[..AfterHeader], .. good[FirstChunk..]];
            case "text first": return [.. good[..FirstChunk], .. Chunk("tEXt", "a\0b"u8), .. good[FirstChunk..]];
            case "critical": return new TestPng { Extra = [("CgBI", [0, 0, 0, 0])] }.Encode();
            case "colour type": return Header(9, 5);
            case "depth": return Header(8, 3);
            case "zero width": return Header(3, 0);
            case "interlace": return Header(12, 2);
            case "huge": return Header(0, 0x7F);
            case "lying size": return Header(2, 0x20);
            case "no palette": return new TestPng { ColourType = 3 }.Encode();
            case "palette index": return new TestPng { ColourType = 3, Palette = [1, 2, 3], Sample = (x, _, _) => x }.Encode();
            case "palette length": return new TestPng { ColourType = 3, Palette = [1, 2, 3, 4] }.Encode();
            case "transparency": return new TestPng { Transparency = [1] }.Encode();
            case "transparent rgba": return new TestPng { ColourType = 6, Transparency = [1] }.Encode();
            case "cut pixels": return WithPixels(TestPng.Deflate(new byte[40]));
            case "garbled pixels": return WithPixels([0x78, 0x9C, 0xFF, 0xFF, 0xFF, 0xFF]);
            case "filter": return WithPixels(TestPng.Deflate([9, .. new byte[100]]));
            case "adler":
                byte[] packed = TestPng.Deflate(new byte[4 * 16]);
                packed[^1] ^= 1;
                return WithPixels(packed);
            case "text bomb":
                return new TestPng
                {
                    Extra = [
                ("zTXt", [.. "bomb\0\0"u8, .. TestPng.Deflate(new byte[PngLimits.Default.TextBytes + 1])])]
                }.Encode();
            case "text garbage": return new TestPng { Extra = [("zTXt", [.. "a\0\0"u8, 1, 2, 3, 4])] }.Encode();
            case "text no keyword": return new TestPng { Extra = [("tEXt", [.. "no end"u8])] }.Encode();
            case "no pixels": return [.. good[..AfterHeader], .. Chunk("IEND", [])];
            case "split pixels": return [.. good[..^12], .. Chunk("tEXt", "a\0b"u8), .. Chunk("IDAT", [1]), .. Chunk("IEND", [])];
            default: throw new ArgumentException(defect, nameof(defect));
        }
    }

    private static byte[] Header(int offset, byte value)
    {
        byte[] file = new TestPng().Encode();
        file[FirstChunk + 8 + offset] = value;
        TestPng.MendChecksums(file);
        return file;
    }

    private static byte[] WithPixels(byte[] packed)
    {
        byte[] file = new TestPng().Encode();
        return [.. file[..AfterHeader], .. Chunk("IDAT", packed), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        using var stream = new MemoryStream();
        TestPng.Chunk(stream, type, data.ToArray());
        return stream.ToArray();
    }
}
