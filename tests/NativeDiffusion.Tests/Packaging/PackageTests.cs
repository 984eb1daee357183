using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

public sealed class PackageTests(PackagedLibrary library) : IClassFixture<PackagedLibrary>
{
    [Theory]
    [InlineData("NativeDiffusion.Cuda")]
    [InlineData("NativeDiffusion")]
    [InlineData("NativeDiffusion.Verification")]
    [InlineData("NativeDiffusion.VirtualGpu")]
    public async Task Package_Content_IsTheLibraryWithDocumentationAndNothingNative(string name)
    {
        await using ZipArchive package = await ZipFile.OpenReadAsync(library.Package(name), TestContext.Current.CancellationToken);
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];

        foreach (string expected in (string[])[$"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "README.md", "THIRD-PARTY-NOTICES.md"])
            Assert.Contains(expected, names);
        Assert.DoesNotContain(names, file => file.StartsWith("runtimes/", StringComparison.Ordinal) || file.EndsWith(".so", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.ChangeExtension(library.Package(name), ".snupkg")), "The symbol package is missing.");
    }

    [Theory]
    [InlineData("NativeDiffusion.Cuda")]
    [InlineData("NativeDiffusion", "NativeDiffusion.Cuda", "System.Numerics.Tensors", "YamlDotNet")]
    [InlineData("NativeDiffusion.VirtualGpu", "NativeDiffusion.Cuda")]
    [InlineData("NativeDiffusion.Verification", "NativeDiffusion", "System.Numerics.Tensors", "YamlDotNet")]
    public async Task Package_Dependencies_AreThoseThatTheDocsName(string name, params string[] dependencies)
    {
        await using ZipArchive package = await ZipFile.OpenReadAsync(library.Package(name), TestContext.Current.CancellationToken);
        await using Stream stream = await package.GetEntry($"{name}.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        XDocument specification = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);

        Assert.Equal(
            dependencies,
            specification.Descendants()
                .Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }
}
