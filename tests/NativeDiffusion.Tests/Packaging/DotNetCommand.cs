using System.Diagnostics;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

/// <summary>Runs programs the way a user would, and keeps what they say.</summary>
internal static class DotNetCommand
{
    // What one dotnet process tells another through its environment; a user's shell has none of it.
    private static readonly string[] s_inherited = ["MSBUILD", "TESTINGPLATFORM", "DOTNET_CLI_", "VSTEST"];

    /// <summary>Runs a program and returns its output; a code other than 0 fails the test with all that it said.</summary>
    public static async Task<string> RunAsync(string program, string folder, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        foreach (string name in start.Environment.Keys
            .Where(name => s_inherited.Any(part => name.StartsWith(part, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        FinishedProcess process = await FinishedProcess.RunAsync(start);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{process.Output}\n{process.Error}");
        return process.Output;
    }

    /// <summary>
    /// Arguments that build a project of the repository in a folder of its own, so that the build that runs these tests is not disturbed.
    /// The analyzers have had their say in that build.
    /// </summary>
    public static string[] Apart(string artifacts) =>
        ["-c", "Release", $"-p:ArtifactsPath={artifacts}", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:UseSharedCompilation=false",
        "--nologo"];

    /// <summary>A project of the repository.</summary>
    public static string Project(string name) => Path.Combine(Repository.Root, "src", name);
}
