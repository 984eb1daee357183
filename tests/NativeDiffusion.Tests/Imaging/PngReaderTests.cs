using System.Text;
using NativeDiffusion.Imaging;
using Xunit;

namespace NativeDiffusion.Tests.Imaging;

public sealed class PngReaderTests
{
    public static TheoryData<int, int, bool> Formats()
    {
        var data = new TheoryData<int, int, bool>();
        foreach ((int colour, int[] depths) in new (int, int[])[] { (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]) })
        {
            foreach (int depth in depths)
            {
                data.Add(colour, depth, false);
                data.Add(colour, depth, true);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_EveryColourTypeDepthAndSize_GivesThePixels(int colourType, int depth, bool interlaced)
    {
        int top = (1 << depth) - 1;
        for (int width = 1; width <= 17; width += 4)
        {
            for (int height = 1; height <= 10; height += 3)
            {
                int Sample(int x, int y, int c) => (x * 7919 + y * 104729 + c * 1299709 + x * y * 31) % (top + 1);
                byte[] palette = [.. Enumerable.Range(0, 3 * (Math.Min(top, 255) + 1)).Select(i => (byte)(i * 37))];
                PngImage image = PngImage.Decode(new TestPng
                {
                    Width = width,
                    Height = height,
                    Depth = depth,
                    ColourType = colourType,
                    Interlaced = interlaced,
                    Palette = colourType == 3 ? palette : null,
                    Sample = Sample,
                }.Encode(), "test.png");
                Assert.Equal((width, height), (image.Width, image.Height));
                int Byte(int x, int y, int c) => depth == 16 ? Sample(x, y, c) >> 8 : Sample(x, y, c) * 255 / top;
                for (int y = 0; y < height; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        byte[] expected = colourType switch
                        {
                            3 => [.. palette.AsSpan(3 * Sample(x, y, 0), 3), 255],
                            0 => [(byte)Byte(x, y, 0), (byte)Byte(x, y, 0), (byte)Byte(x, y, 0), 255],
                            4 => [(byte)Byte(x, y, 0), (byte)Byte(x, y, 0), (byte)Byte(x, y, 0), (byte)Byte(x, y, 1)],
                            2 => [(byte)Byte(x, y, 0), (byte)Byte(x, y, 1), (byte)Byte(x, y, 2), 255],
                            _ => [(byte)Byte(x, y, 0), (byte)Byte(x, y, 1), (byte)Byte(x, y, 2), (byte)Byte(x, y, 3)],
                        };
                        Assert.Equal(expected, image.Rgba.Slice(4 * (y * width + x), 4).ToArray());
                    }
                }
            }
        }
    }

    [Fact]
    public void Decode_Transparency_IsAppliedToColourGreyAndPalette()
    {
        PngImage rgb = PngImage.Decode(
            new TestPng { Width = 2, Height = 1, Transparency = [0, 9, 0, 8, 0, 7], Sample = (x, _, c) => 9 - c + x }.Encode(), "a.png");
        Assert.Equal([9, 8, 7, 0, 10, 9, 8, 255], rgb.Rgba.ToArray());
        PngImage grey = PngImage.Decode(
            new TestPng { Width = 2, Height = 1, ColourType = 0, Depth = 4, Transparency = [0, 3], Sample = (x, _, _) => 3 + x }.Encode(), "b.png");
        Assert.Equal([51, 51, 51, 0, 68, 68, 68, 255], grey.Rgba.ToArray());
        PngImage palette = PngImage.Decode(
            new TestPng
            {
                Width = 2,
                Height = 1,
                ColourType = 3,
                Depth = 1,
                Palette = [1, 2, 3, 4, 5, 6],
                Transparency = [77],
                Sample = (x, _, _) =>
                x
            }.Encode(), "c.png");
        Assert.Equal([1, 2, 3, 77, 4, 5, 6, 255], palette.Rgba.ToArray());
        Assert.True(rgb.HasAlpha && grey.HasAlpha && palette.HasAlpha);
    }

    [Fact]
    public void Flatten_OverWhite_RoundsAsPil()
    {
        PngImage image = PngImage.Decode(
            new TestPng { Width = 3, Height = 1, ColourType = 6, Sample = (x, _, c) => c == 3 ? x * 100 : 10 * c }.Encode(), "a.png");
        Assert.Equal([0, 10, 20], image.ToRgb().Pixels[..3].ToArray());
        Assert.Equal([255, 255, 255, 155, 159, 163, 55, 63, 71], image.FlattenOnto(255, 255, 255).Pixels.ToArray());
    }

    [Fact]
    public void Texts_OfAllThreeKinds_AreRead()
    {
        byte[] text = Encoding.Latin1.GetBytes("plain\0Größe");
        byte[] packed = [.. "packed\0\0"u8, .. TestPng.Deflate(Encoding.Latin1.GetBytes("längst"))];
        byte[] international = [.. "parameters\0\0\0de\0Parameter\0"u8, .. Encoding.UTF8.GetBytes("山 🌲")];
        byte[] both = [.. "both\0\u0001\0\0\0"u8, .. TestPng.Deflate(Encoding.UTF8.GetBytes("夕日"))];
        byte[] file = new TestPng { Extra = [("tEXt", text), ("zTXt", packed), ("iTXt", international), ("iTXt", both)] }.Encode();
        PngText[] expected = [new("plain", "Größe"), new("packed", "längst"), new("parameters", "山 🌲"), new("both", "夕日")];
        Assert.Equal(expected, PngImage.Decode(file, "a.png").Texts);
        Assert.Equal("山 🌲", ImageText.Read(file, "a.png"));
    }

    public static TheoryData<string, string> Defects => new()
    {
        { "empty", "signature" },
        { "jpeg", "signature" },
        { "no IEND", "no IEND" },
        { "crc", "check sum" },
        { "length", "claims" },
        { "type letters", "four letters" },
        { "two headers", "two IHDR" },
        { "text first", "instead of IHDR" },
        { "critical", "critical chunk CgBI" },
        { "colour type", "colour type 5" },
        { "depth", "3 bits" },
        { "zero width", "impossible size" },
        { "huge", "pixels; the limit is" },
        { "lying size", "cannot hold" },
        { "no palette", "no PLTE" },
        { "palette index", "palette of 1" },
        { "palette length", "multiple of 3" },
        { "transparency", "tRNS chunk of 1 bytes" },
        { "transparent rgba", "carry opacity" },
        { "cut pixels", "ends in row" },
        { "garbled pixels", "cannot be unpacked" },
        { "filter", "filter 9" },
        { "adler", "is damaged: its pixel data" },
        { "text bomb", "text 'bomb' of more than" },
        { "text garbage", "cannot be unpacked" },
        { "text no keyword", "without the zero" },
        { "no pixels", "no IDAT" },
        { "split pixels", "two separate places" },
        { "interlace", "interlaced by method 2" },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public void Decode_EachDefect_IsOneClearErrorThatNamesTheFile(string defect, string expected)
    {
        byte[] file = BrokenPng.Make(defect);
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => PngImage.Decode(file, "broken.png"));
        Assert.StartsWith("broken.png: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_HugeClaims_AllocateNothing()
    {
        byte[] huge = BrokenPng.Make("huge"), lying = BrokenPng.Make("lying size");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImageFormatException>(() => PngImage.Decode(huge, "a"));
        Assert.Throws<ImageFormatException>(() => PngImage.Decode(lying, "a"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
