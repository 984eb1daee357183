using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

/// <summary>The libraries, packed once for all tests of a class.</summary>
public sealed class PackagedLibrary : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Feed => _folder.File("feed");

    public string Version =>
        Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(Feed, "NativeDiffusion.*.nupkg").Single(IsLibrary))["NativeDiffusion.".Length..];

    /// <summary>The file of a package.</summary>
    public string Package(string name) => Path.Combine(Feed, $"{name}.{Version}.nupkg");

    public string File(string name) => _folder.File(name);

    public async ValueTask InitializeAsync()
    {
        foreach (string name in (string[])["NativeDiffusion.Cuda", "NativeDiffusion", "NativeDiffusion.Verification", "NativeDiffusion.VirtualGpu"])
            await DotNetCommand.RunAsync(
                "dotnet", _folder.Path, ["pack", DotNetCommand.Project(name), "-o", Feed, .. DotNetCommand.Apart(_folder.File("artifacts"))]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsLibrary(string package) => char.IsDigit(Path.GetFileName(package)["NativeDiffusion.".Length]);
}
