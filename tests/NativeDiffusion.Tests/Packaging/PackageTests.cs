using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

public sealed class PackageTests(PackagedLibrary library) : IClassFixture<PackagedLibrary>
{
    [Fact]
    public async Task Package_Content_IsTheLibraryWithDocumentationAndNothingNative()
    {
        await using ZipArchive package = await ZipFile.OpenReadAsync(library.Package, TestContext.Current.CancellationToken);
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];

        foreach (string expected in (string[])["lib/net10.0/NativeDiffusion.dll", "lib/net10.0/NativeDiffusion.xml", "README.md", "THIRD-PARTY-NOTICES.md"])
            Assert.Contains(expected, names);
        Assert.DoesNotContain(names, name => name.StartsWith("runtimes/", StringComparison.Ordinal) || name.EndsWith(".so", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.ChangeExtension(library.Package, ".snupkg")), "The symbol package is missing.");
    }

    [Fact]
    public async Task Package_Dependencies_AreTheTwoThatTheDocsName()
    {
        await using ZipArchive package = await ZipFile.OpenReadAsync(library.Package, TestContext.Current.CancellationToken);
        await using Stream stream = await package.GetEntry("NativeDiffusion.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        XDocument specification = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["System.Numerics.Tensors", "YamlDotNet"],
            specification.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }
}
