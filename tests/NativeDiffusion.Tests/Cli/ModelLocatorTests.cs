using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Models;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class ModelLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_Name_PrefersTheVariableThenUpwardThenBesideTheProgram()
    {
        string beside = Model("program/models/m");
        ModelLocator locator = Locator();
        Assert.Equal(beside, locator.Find("m"));

        string above = Model("work/models/m");
        Assert.Equal(above, locator.Find("m"));

        string nearer = Model("work/deep/models/m");
        Assert.Equal(nearer, locator.Find("m"));

        string named = Model("named/m");
        Assert.Equal(named, locator.Find("m"));
    }

    [Fact]
    public void Find_SingleFile_IsFoundWithAndWithoutItsExtension()
    {
        string path = _folder.Write("work/models/one.safetensors", "{}"u8);

        Assert.Equal(path, Locator().Find("one"));
        Assert.Equal(path, Locator().Find("one.safetensors"));
        Assert.Equal(path, Locator().Find(path));
    }

    [Fact]
    public void Find_Null_IsTheDefaultModelElseTheOnlyOne()
    {
        string only = Model("work/models/only");
        Assert.Equal(only, Locator().Find(null));

        Model("work/models/another");
        Assert.Throws<CliException>(() => Locator().Find(null));

        string tiny = Model($"work/models/{ModelLocator.DefaultModel}");
        Assert.Equal(tiny, Locator().Find(null));
    }

    [Fact]
    public void Find_UnknownName_SaysWhereItLookedWhatIsThereAndWhatToDo()
    {
        Model("work/models/present");

        CliException exception = Assert.Throws<CliException>(() => Locator().Find("absent"));

        Assert.Equal(ExitCodes.Failed, exception.ExitCode);
        foreach (string part in (string[])["'absent'", "present", "--model", ModelLocator.Variable, _folder.File(
            "work/models"), _folder.File("program/models"), _folder.File("named")])
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderWithModels_FoldersOfOtherThings_ArePassedOver()
    {
        _folder.Write("work/deep/models/readme.txt", "x"u8);
        Model("work/models/m");

        Assert.Equal(_folder.File("work/models"), Locator().FolderWithModels());
    }

    private ModelLocator Locator()
    {
        Directory.CreateDirectory(_folder.File("work/deep"));
        return new ModelLocator([_folder.File("work/deep")], _folder.File("named"), _folder.File("program"));
    }

    private string Model(string path)
    {
        _folder.Write($"{path}/model_index.json", "{}"u8);
        return _folder.File(path);
    }
}
