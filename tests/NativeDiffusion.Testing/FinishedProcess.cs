using System.Diagnostics;

namespace NativeDiffusion.Testing;

/// <summary>A program that ran to its end, and all that it said.</summary>
internal sealed record FinishedProcess(int ExitCode, string Output, string Error)
{
    /// <summary>
    /// The only time limit of the tests. It ends a program that hangs and says nothing about speed: times are measured by benchmarks and the nightly run,
    /// and no test asserts one. So all programs share one limit, at least ten times the quiet time of the slowest (to publish ndiff ahead of time, which
    /// took 231 s while a dozen other programs shared its two cores). The tests then pass on a machine that does three things at once, too, where a
    /// program may take many times its quiet time.
    /// </summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(30);

    /// <summary>Runs a program; one that hangs, or whose test is cancelled, is killed with its children.</summary>
    /// <exception cref="TimeoutException">The program did not end within the limit.</exception>
    public static async Task<FinishedProcess> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(s_limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(end.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(end.Token);
            await process.WaitForExitAsync(end.Token);
            return new FinishedProcess(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {s_limit.TotalMinutes:0} minutes: it hangs.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
