using System.Diagnostics;
using Xunit;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>ndiff as a process of its own, with an environment of its own: a process finds NVIDIA's libraries once.</summary>
internal sealed record NdiffProcess(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs it.</summary>
    /// <param name="environment">Variables; null takes one away.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<NdiffProcess> RunAsync((string Name, string? Value)[] environment, params IReadOnlyList<string> arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ndiff.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new NdiffProcess(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
