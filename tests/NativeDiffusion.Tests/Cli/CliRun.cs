using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Output;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

/// <summary>Runs a command line of ndiff inside the test process and keeps what it says.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static Task<CliRun> Of(params IReadOnlyList<string> arguments) => UntilAsync(arguments, TestContext.Current.CancellationToken);

    public static async Task<CliRun> UntilAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLine.RunAsync(arguments, (json, debug) => new Terminal(output, error, json: json, debug: debug), cancellation);
        return new CliRun(code, output.ToString(), error.ToString());
    }
}
