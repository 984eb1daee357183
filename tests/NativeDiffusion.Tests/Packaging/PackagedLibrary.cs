using NativeDiffusion.Tests.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

/// <summary>The library packed once for all tests of a class.</summary>
public sealed class PackagedLibrary : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Feed => _folder.File("feed");

    public string Package => Assert.Single(Directory.EnumerateFiles(Feed, "NativeDiffusion.*.nupkg"));

    public string Version => Path.GetFileNameWithoutExtension(Package)["NativeDiffusion.".Length..];

    public string File(string name) => _folder.File(name);

    public async ValueTask InitializeAsync() =>
        await DotNetCommand.RunAsync("dotnet", _folder.Path, ["pack", DotNetCommand.Project("NativeDiffusion"), "-o", Feed, .. DotNetCommand.Apart(_folder.File("artifacts"))]);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
