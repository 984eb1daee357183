using System.Text;
using NativeDiffusion.Imaging;
using NativeDiffusion.Testing;
using SkiaSharp;
using Xunit;

namespace NativeDiffusion.Tests.Imaging;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 200)]
    [InlineData(129, 65)]
    public void SavePng_ReadByOurselvesAndBySkia_GivesThePixels(int width, int height)
    {
        RgbImage image = Pictures.Make(width, height);
        byte[] file = Encode(image);
        Assert.Equal(image.Pixels.ToArray(), PngImage.Decode(file, "a.png").ToRgb().Pixels.ToArray());
        using SKBitmap bitmap = SKBitmap.Decode(file);
        Assert.Equal((width, height), (bitmap.Width, bitmap.Height));
        for (int i = 0; i < width * height; i++)
        {
            SKColor colour = bitmap.GetPixel(i % width, i / width);
            Assert.Equal(image.Pixels.Slice(3 * i, 3).ToArray(), new[] { colour.Red, colour.Green, colour.Blue });
        }
    }

    [Fact]
    public void SavePng_Twice_GivesTheSameBytes()
    {
        RgbImage image = Pictures.Make(64, 64);
        PngText[] texts = [new("parameters", "a cat"), new("note", "山")];
        Assert.Equal(Encode(image, texts), Encode(image, texts));
        Assert.Equal(texts, PngImage.Decode(Encode(image, texts), "a.png").Texts);
    }

    [Theory]
    [InlineData("Größe", "tEXt")]
    [InlineData("line\nline\t\u007f\u0080\u00ff", "tEXt")]
    [InlineData("€", "iTXt")]
    [InlineData("", "tEXt")]
    public void Text_Latin1_GoesIntoTextAndOtherIntoInternational(string text, string chunk)
    {
        byte[] file = Encode(Pictures.Make(2, 2), [new("parameters", text)]);
        Assert.Contains(chunk, Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        Assert.Equal(text, ImageText.Read(file, "a.png"));
    }

    [Fact]
    public void Text_ZeroAndLoneSurrogate_AreReplacedRatherThanLosingThePicture()
    {
        byte[] file = Encode(Pictures.Make(2, 2), [new("parameters", "a\0b\ud800c")]);
        Assert.Equal("a\ufffdb\ufffdc", ImageText.Read(file, "a.png"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("a\nb")]
    [InlineData("山")]
    public void Keyword_ThatPngForbids_IsRefusedBeforeAnythingIsWritten(string keyword)
    {
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentException>(() => Pictures.Make(2, 2).SavePng(stream, [new(keyword, "x")]));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void SavePng_ToAPath_ReplacesWholeFilesAndLeavesNoOthers()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.png");
        Pictures.Make(5, 5).SavePng(path);
        byte[] first = File.ReadAllBytes(path);
        Assert.Throws<ArgumentException>(() => Pictures.Make(9, 9).SavePng(path, [new("", "")]));
        Assert.Equal(first, File.ReadAllBytes(path));
        Pictures.Make(9, 9).SavePng(path);
        Assert.Equal(9, PngImage.Read(path).Width);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.ThrowsAny<IOException>(() => Pictures.Make(2, 2).SavePng(Path.Combine(folder.Path, "no", "a.png")));
    }

    private static byte[] Encode(RgbImage image, PngText[]? texts = null)
    {
        using var stream = new MemoryStream();
        image.SavePng(stream, texts);
        return stream.ToArray();
    }
}
