using System.Text.Json;
using NativeDiffusion.Cli;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class KernelsCheckCommandTests
{
    [Theory]
    [InlineData("virtual:h100", "softmax/masks/*", 4)]
    [InlineData("virtual:t4", "philox_normal", 16)]
    public async Task Check_OnAVirtualCard_PassesAndSaysHowFar(string device, string only, int cases)
    {
        CliRun run = await CliRun.Of("kernels", "check", "--device", device, "--only", only);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Equal(cases, run.Output.Split('\n').Count(line => line.Contains("pass", StringComparison.Ordinal)) - 1);
        Assert.Contains($"{cases} passed, 0 missed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Json_HasEveryCase()
    {
        CliRun run = await CliRun.Of("kernels", "check", "--device", "virtual:a100", "--only", "softmax/rows/*", "--json");

        using var report = JsonDocument.Parse(run.Output);
        JsonElement[] cases = [.. report.RootElement.GetProperty("cases").EnumerateArray()];
        Assert.True(report.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(report.RootElement.GetProperty("passed").GetInt32(), cases.Length);
        Assert.All(cases, one => Assert.True(one.GetProperty("error").GetDouble() <= one.GetProperty("tolerance").GetDouble()));
    }

    [Theory]
    [InlineData("npu:0", "cuda:N")]
    [InlineData("virtual:h100", "conv9d", "--only", "conv9d")]
    public async Task Check_OfNothing_SaysWhatToWrite(string device, string message, params string[] more)
    {
        CliRun run = await CliRun.Of(["kernels", "check", "--device", device, .. more]);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAnUnknownVirtualCard_NamesThoseThatThereAre()
    {
        CliRun run = await CliRun.Of("kernels", "check", "--device", "virtual:voodoo");

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("H100", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_HasExamples()
    {
        CliRun run = await CliRun.Of("kernels", "check", "--help");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains("ndiff kernels check --device cuda:1", run.Output, StringComparison.Ordinal);
    }
}
