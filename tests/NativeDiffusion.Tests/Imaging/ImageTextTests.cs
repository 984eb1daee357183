using NativeDiffusion.Imaging;
using SkiaSharp;
using Xunit;

namespace NativeDiffusion.Tests.Imaging;

public sealed class ImageTextTests
{
    private const string Text = "red mountains, 山 🌲\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, Seed: 1";

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 90)]
    [InlineData(SKEncodedImageFormat.Webp, 90)]
    [InlineData(SKEncodedImageFormat.Webp, 100)]
    public void AddTo_AnEncodedPicture_IsReadBackAndLeavesThePixels(SKEncodedImageFormat format, int quality)
    {
        byte[] plain = Encode(format, quality);
        Assert.Null(ImageText.Read(plain, "a"));
        byte[] file = ImageText.AddTo(plain, Text, "a");
        Assert.Equal(Text, ImageText.Read(file, "a"));
        using SKBitmap before = SKBitmap.Decode(plain), after = SKBitmap.Decode(file);
        Assert.Equal(before.Bytes, after.Bytes);

        byte[] again = ImageText.AddTo(file, "shorter", "a");
        Assert.Equal("shorter", ImageText.Read(again, "a"));
        Assert.Equal(plain.Length + (file.Length - plain.Length) - 2 * (Text.Length - "shorter".Length), again.Length, 1.0);
        Assert.Equal(again, ImageText.AddTo(ImageText.AddTo(plain, "shorter", "a"), "shorter", "a"));
    }

    // The structure that piexif writes for A1111: big-endian TIFF, one pointer, one comment in UTF-16BE.
    [Fact]
    public void AddTo_Jpeg_HasPiexifsStructure()
    {
        byte[] file = ImageText.AddTo(Encode(SKEncodedImageFormat.Jpeg, 90), "AB", "a");
        byte[] expected =
        [
            .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0,
            0, 1, 0x92, 0x86, 0, 7, 0, 0, 0, 12, 0, 0, 0, 44, 0, 0, 0, 0, .. "UNICODE\0"u8, 0, (byte)'A', 0, (byte)'B',
        ];
        int at = file.AsSpan().IndexOf(expected);
        Assert.True(at > 0);
        Assert.Equal([0xFF, 0xE1, 0, (byte)(expected.Length + 2)], file[(at - 4)..at]);
    }

    [Fact]
    public void Read_LittleEndianOrAsciiComments_AreUnderstood()
    {
        byte[] Tiff(ReadOnlySpan<byte> comment) =>
        [
            .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0,
            1, 0, 0x86, 0x92, 7, 0, (byte)comment.Length, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, .. comment,
        ];
        Assert.Equal("hi", ExifComment.Read(Tiff([.. "UNICODE\0"u8, (byte)'h', 0, (byte)'i', 0])));
        Assert.Equal("hi", ExifComment.Read(Tiff([.. "UNICODE\0"u8, 0, (byte)'h', 0, (byte)'i']))); // piexif inside a little-endian structure
        Assert.Equal("hi", ExifComment.Read(Tiff("ASCII\0\0\0hi"u8)));
        Assert.Equal("hi", ExifComment.Read(Tiff("\0\0\0\0\0\0\0\0hi\0"u8)));
        Assert.Null(ExifComment.Read(Tiff("JIS\0\0\0\0\0hi"u8)));
    }

    [Fact]
    public void AddTo_TextTooLongForJpeg_IsRefusedWithTheLimitAndFitsWebp()
    {
        byte[] jpeg = Encode(SKEncodedImageFormat.Jpeg, 90);
        string longest = new('x', 32737);
        Assert.Equal(longest, ImageText.Read(ImageText.AddTo(jpeg, longest, "a"), "a"));
        ArgumentException error = Assert.Throws<ArgumentException>(() => ImageText.AddTo(jpeg, longest + "x", "a"));
        Assert.Contains("at most 32737", error.Message, StringComparison.Ordinal);
        byte[] webp = ImageText.AddTo(Encode(SKEncodedImageFormat.Webp, 90), longest + longest, "a");
        Assert.Equal(longest + longest, ImageText.Read(webp, "a"));
    }

    [Fact]
    public void AnyOtherFile_IsRefused()
    {
        Assert.Throws<ImageFormatException>(() => ImageText.Read("GIF89a"u8.ToArray(), "a.gif"));
        Assert.Throws<ImageFormatException>(() => ImageText.AddTo("GIF89a"u8, "x", "a.gif"));
        Assert.Throws<ImageFormatException>(() => ImageText.AddTo("RIFF\0\0\0\0WEBP"u8, "x", "a.webp"));
    }

    private static byte[] Encode(SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(37, 21);
        for (int i = 0; i < 37 * 21; i++) bitmap.SetPixel(i % 37, i / 37, new SKColor((byte)(i * 3), (byte)(i * 5), (byte)i));
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
