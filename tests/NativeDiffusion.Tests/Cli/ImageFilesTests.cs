using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Images;
using NativeDiffusion.Imaging;
using NativeDiffusion.Tests.Imaging;
using NativeDiffusion.Tests.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class ImageFilesTests
{
    private const string Text = "a cat, 山\nSteps: 20, Sampler: Euler a, Seed: 1";

    [Theory]
    [InlineData("a.png", 0)]
    [InlineData("a.WEBP", 0)]
    [InlineData("a.jpg", 40)]
    [InlineData("a.jpeg", 40)]
    public void Save_ThenLoad_GivesThePictureAndItsText(string name, int tolerance)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        RgbImage image = Pictures.Make(40, 24);
        ImageFiles.Save(path, image, Text);
        LoadedImage loaded = ImageFiles.Load(path);
        Assert.Equal(Text, loaded.Parameters);
        Assert.Equal(Text, ImageFiles.ReadParameters(path));
        Assert.Equal((40, 24), (loaded.Image.Width, loaded.Image.Height));
        for (int i = 0; i < image.Pixels.Length; i++) Assert.Equal(image.Pixels[i], loaded.Image.Pixels[i], (double)tolerance);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Save_WithoutText_CarriesNone()
    {
        using var folder = new TemporaryFolder();
        foreach (string ending in ImageFiles.Endings)
        {
            ImageFiles.Save(folder.File("a" + ending), Pictures.Make(8, 8), null);
            Assert.Null(ImageFiles.Load(folder.File("a" + ending)).Parameters);
        }
    }

    // The picture's corner colours tell which way it was turned.
    [Theory]
    [InlineData(1, "0123")]
    [InlineData(2, "1032")]
    [InlineData(3, "3210")]
    [InlineData(4, "2301")]
    [InlineData(5, "0213")]
    [InlineData(6, "2031")]
    [InlineData(7, "3120")]
    [InlineData(8, "1302")]
    public void Load_JpegOrientation_IsApplied(int orientation, string corners)
    {
        using var folder = new TemporaryFolder();
        byte[] pixels = new byte[32 * 16 * 3];
        for (int i = 0; i < 32 * 16; i++) pixels.AsSpan(3 * i, 3).Fill((byte)(80 * (i % 32 / 16 + 2 * (i / 32 / 8))));
        ImageFiles.Save(folder.File("a.jpg"), new RgbImage(32, 16, pixels), null);
        byte[] file = File.ReadAllBytes(folder.File("a.jpg"));
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        folder.Write("b.jpg", [.. file[..2], .. exif, .. file[2..]]);
        RgbImage image = ImageFiles.Load(folder.File("b.jpg")).Image;
        Assert.Equal(orientation > 4 ? (16, 32) : (32, 16), (image.Width, image.Height));
        char Corner(int x, int y) => (char)('0' + (image.Pixels[3 * (y * image.Width + x)] + 40) / 80);
        Assert.Equal(corners, string.Concat(Corner(0, 0), Corner(image.Width - 1, 0), Corner(0, image.Height - 1), Corner(image.Width - 1, image.Height - 1)));
    }

    [Fact]
    public void Load_TransparentPng_IsLaidOverWhiteOnlyWhenAsked()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.png", new TestPng { Width = 1, Height = 1, ColourType = 6, Sample = (_, _, c) => c == 3 ? 0 : 10 }.Encode());
        Assert.Equal(10, ImageFiles.Load(path).Image.Pixels[0]);
        Assert.Equal(255, ImageFiles.Load(path, overWhite: true).Image.Pixels[0]);
    }

    [Fact]
    public void WrongFiles_AreRefusedByName()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CliException>(() => ImageFiles.Save(folder.File("a.gif"), Pictures.Make(2, 2), null)).ExitCode);
        string text = folder.Write("a.jpg", "no picture"u8);
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => ImageFiles.Load(text));
        Assert.StartsWith(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, ErrorReport.ExitCode(error));
        Assert.ThrowsAny<IOException>(() => ImageFiles.Load(folder.File("none.png")));
        ImageFiles.Save(folder.File("b.jpg"), Pictures.Make(64, 64), null);
        byte[] cut = File.ReadAllBytes(folder.File("b.jpg"));
        string half = folder.Write("c.jpg", cut.AsSpan(0, cut.Length / 2));
        Assert.Throws<ImageFormatException>(() => ImageFiles.Load(half));
    }
}
