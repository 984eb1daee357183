using System.Runtime.InteropServices;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

/// <summary>ndiff compiled ahead of time, once for all tests of a class, where a C linker is found.</summary>
public sealed class NativeProgram : IAsyncLifetime
{
    private static readonly string[] s_linkers = ["clang", "gcc", "cc"];
    private readonly TemporaryFolder _folder = new();

    /// <summary>Why there is no program, or null when there is.</summary>
    public string? Missing { get; } = OperatingSystem.IsLinux() && !s_linkers.Any(IsOnPath)
        ? $"NativeAOT needs a C linker, and none of {string.Join(", ", s_linkers)} was found."
        : null;

    public string Program => Path.Combine(_folder.File("program"), OperatingSystem.IsWindows() ? "ndiff.exe" : "ndiff");

    public string Folder => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            await DotNetCommand.RunAsync("dotnet", _folder.Path, [
                "publish", DotNetCommand.Project(
                    "NativeDiffusion.Cli"), "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true", "-o", _folder.File("program"),
                .. DotNetCommand.Apart(_folder.File("artifacts"))]);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
