using NativeDiffusion.Tests.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

/// <summary>The sample of the README, built by a stranger: from the package, outside of the repository.</summary>
public sealed class ConsumerTests(PackagedLibrary library) : IClassFixture<PackagedLibrary>
{
    private static readonly string s_sample = Path.Combine(Repository.Root, "samples", "HelloPicture");

    [Fact]
    public async Task Sample_FromThePackage_BuildsAndDraws()
    {
        string folder = library.File("consumer");
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "models", "tiny-landscapes"), Repository.TinyModel);
        foreach (string file in Directory.EnumerateFiles(s_sample, "*.cs"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        string project = await File.ReadAllTextAsync(Path.Combine(s_sample, "HelloPicture.csproj"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "HelloPicture.csproj"), project, TestContext.Current.CancellationToken);

        // A packages folder of its own: a package of the same version from an earlier run must not be found. What the package needs comes from the machine's cache.
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await DotNetCommand.RunAsync("dotnet", folder, "build", "-c", "Release", "-o", library.File("built"), "--nologo", "-p:UseSharedCompilation=false",
            $"-p:RestoreAdditionalProjectSources={library.Feed}", $"-p:RestorePackagesPath={library.File("packages")}", $"-p:RestoreFallbackFolders={cache}");
        string output = await DotNetCommand.RunAsync("dotnet", folder, Path.Combine(library.File("built"), "HelloPicture.dll"));

        Assert.Contains("Denoise", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "7.png")) && File.Exists(Path.Combine(folder, "8.png")), output);
    }

    [Fact]
    public async Task Sample_Version_IsTheLibrarys()
    {
        string project = await File.ReadAllTextAsync(Path.Combine(s_sample, "HelloPicture.csproj"), TestContext.Current.CancellationToken);

        Assert.Contains($"Include=\"NativeDiffusion\" Version=\"{library.Version}\"", project, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readme_Example_IsTheSample()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken);
        string sample = await File.ReadAllTextAsync(Path.Combine(s_sample, "Program.cs"), TestContext.Current.CancellationToken);

        Assert.Contains($"```csharp\n{sample.ReplaceLineEndings("\n").Trim()}\n```", readme.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.InRange(sample.Trim().Split('\n').Length, 1, 16);
    }
}
