using System.Diagnostics;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>ndiff as a process of its own, with an environment of its own: a process finds NVIDIA's libraries once.</summary>
internal static class NdiffProcess
{
    /// <summary>Runs it.</summary>
    /// <param name="environment">Variables; null takes one away.</param>
    /// <param name="arguments">The command line.</param>
    public static Task<FinishedProcess> RunAsync((string Name, string? Value)[] environment, params IReadOnlyList<string> arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ndiff.dll");
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program, .. arguments]);
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        return FinishedProcess.RunAsync(start);
    }
}
