using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Pictures;
using NativeDiffusion.Imaging;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class PictureFileTests : IDisposable
{
    private const string Text = "a tree, 水彩\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 24x16";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.png", 0)]
    [InlineData("a.jpg", 24)]
    [InlineData("a.webp", 24)]
    public void Write_EveryFormat_KeepsPictureAndText(string name, int mostDifference)
    {
        RgbImage image = Gradient();
        string path = _folder.File(name);

        PictureFile.Write(path, image, Text, PictureFile.FormatOf(path)!.Value);

        RgbImage read = PictureFile.Read(path);
        Assert.Equal((image.Width, image.Height), (read.Width, read.Height));
        for (int i = 0; i < image.Pixels.Length; i++)
            Assert.InRange(Math.Abs(image.Pixels[i] - read.Pixels[i]), 0, mostDifference);
        Assert.Equal(Text, PictureFile.ReadText(path));
    }

    [Fact]
    public void Read_NoPicture_NamesTheFile()
    {
        string path = _folder.Write("not-a-picture.jpg", "hello"u8);

        Assert.Contains("not-a-picture.jpg", Assert.Throws<CliException>(() => PictureFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains("absent.png", Assert.Throws<CliException>(() => PictureFile.Read(_folder.File("absent.png"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadText_PictureWithout_SaysSo()
    {
        string path = _folder.File("plain.png");
        PictureFile.Write(path, Gradient(), null, PictureFormat.Png);

        Assert.Contains("no generation parameters", Assert.Throws<CliException>(() => PictureFile.ReadText(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_FolderWithPictures_GoesOnCounting()
    {
        string folder = _folder.File("out");
        Assert.Equal("00001-42.png", Path.GetFileName(OutputPlace.Prepare(folder, null).Next("42")));
        _folder.Write("out/00007-42.png", []);
        _folder.Write("out/other-9.png", []);

        OutputPlace place = OutputPlace.Prepare(folder, PictureFormat.Webp);

        Assert.Equal("00008-43.webp", Path.GetFileName(place.Next("43")));
        Assert.Equal("00009-grid.webp", Path.GetFileName(place.Next("grid")));
    }

    [Fact]
    public void Prepare_FileName_SetsNameAndFormat()
    {
        OutputPlace place = OutputPlace.Prepare(_folder.File("new/picture.jpg"), null);

        Assert.Equal(PictureFormat.Jpeg, place.Format);
        Assert.Equal("picture.jpg", Path.GetFileName(place.Next("1")));
        Assert.Equal("00001-2.jpg", Path.GetFileName(place.Next("2")));
    }

    [Fact]
    public void Prepare_PlaceThatCannotBeWritten_SaysSoBeforeTheWork()
    {
        string file = _folder.Write("file", "x"u8);

        Assert.Contains("--output", Assert.Throws<CliException>(() => OutputPlace.Prepare(Path.Join(file, "below"), null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("picture.bmp")]
    public void Prepare_NameThatIsNone_IsRefused(string output)
    {
        CliException exception = Assert.Throws<CliException>(() => OutputPlace.Prepare(output, null));

        Assert.Equal(ExitCodes.Usage, exception.ExitCode);
        Assert.Contains(".webp", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveIfEmpty_FolderThatWasThere_Stays()
    {
        Directory.CreateDirectory(_folder.File("old"));
        OutputPlace.Prepare(_folder.File("old"), null).RemoveIfEmpty();
        Assert.True(Directory.Exists(_folder.File("old")));

        OutputPlace place = OutputPlace.Prepare(_folder.File("old/new"), null);
        _folder.Write("old/new/00001-1.png", []);
        place.RemoveIfEmpty();
        Assert.True(File.Exists(_folder.File("old/new/00001-1.png")));
    }

    private static RgbImage Gradient()
    {
        byte[] pixels = new byte[24 * 16 * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(40 + (i / 3 % 24 * 4) + (i / 72 * 4));
        return new RgbImage(24, 16, pixels);
    }
}
