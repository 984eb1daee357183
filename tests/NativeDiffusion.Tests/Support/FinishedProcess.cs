using System.Diagnostics;
using Xunit;

namespace NativeDiffusion.Tests.Support;

/// <summary>A program that ran to its end, and all that it said.</summary>
internal sealed record FinishedProcess(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program; one that takes longer than the limit, or whose test is cancelled, is killed with its children.</summary>
    public static async Task<FinishedProcess> RunAsync(ProcessStartInfo start, TimeSpan limit)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(end.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(end.Token);
            await process.WaitForExitAsync(end.Token);
            return new FinishedProcess(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
