using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

/// <summary>The samples of the documentation, built by a stranger: from the packages, outside of the repository.</summary>
public sealed class ConsumerTests(PackagedLibrary library) : IClassFixture<PackagedLibrary>
{
    [Fact]
    public async Task HelloPicture_FromThePackage_BuildsAndDraws()
    {
        string folder = library.File("HelloPicture");
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "models", "tiny-landscapes"), Repository.TinyModel);

        string output = await BuildAndRun("HelloPicture", folder);

        Assert.Contains("Denoise", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "7.png")) && File.Exists(Path.Combine(folder, "8.png")), output);
    }

    [Fact]
    public async Task CheckedKernel_FromThePackage_BuildsAndFindsTheRace()
    {
        string output = await BuildAndRun("CheckedKernel", library.File("CheckedKernel"));

        Assert.Contains("initcheck: reverse, block (0, 0, 0), thread (0, 0, 0): uninitialized shared memory read at", output, StringComparison.Ordinal);
        Assert.Contains("ld.shared.u32 %r7, [%r6]", output, StringComparison.Ordinal);
        Assert.Contains("reverse: 28 instructions, 512 bytes, 0 bank conflicts", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HelloPicture", "NativeDiffusion")]
    [InlineData("CheckedKernel", "NativeDiffusion.VirtualGpu")]
    public async Task Sample_Version_IsTheLibrarys(string sample, string package)
    {
        string project = await Text("samples", sample, $"{sample}.csproj");

        Assert.Contains($"Include=\"{package}\" Version=\"{library.Version}\"", project, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readme_Example_IsTheSample()
    {
        string readme = await Text("README.md"), sample = await Text("samples", "HelloPicture", "Program.cs");

        Assert.Contains($"```csharp\n{sample}\n```", readme, StringComparison.Ordinal);
        Assert.InRange(sample.Split('\n').Length, 1, 16);
    }

    private static async Task<string> Text(params string[] path) =>
        (await File.ReadAllTextAsync(Path.Combine([Repository.Root, .. path]), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").Trim();

    private async Task<string> BuildAndRun(string sample, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", sample)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

        // A packages folder of its own: a package of the same version from an earlier run must not be found. What the package needs comes from the machine's
        // cache.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string built = library.File($"built/{sample}");
        await DotNetCommand.RunAsync("dotnet", folder, "build", "-c", "Release", "-o", built, "--nologo", "-p:UseSharedCompilation=false",
            $"-p:RestoreAdditionalProjectSources={library.Feed}", $"-p:RestorePackagesPath={library.File("packages")}", $"-p:RestoreFallbackFolders={cache}");
        return await DotNetCommand.RunAsync("dotnet", folder, Path.Combine(built, $"{sample}.dll"));
    }
}
