using NativeDiffusion.Cli;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class KernelsProfileCommandTests
{
    [Theory]
    [InlineData("sm_90", "H100")]
    [InlineData("sm_89", "RTX 4090", "--card", "RTX 4090")]
    [InlineData("sm_80", "RTX 4090", "--card", "RTX 4090", "--arch", "sm_80")]
    public async Task Profile_TakesTheCardsArchitecture(string target, string card, params string[] more)
    {
        CliRun run = await CliRun.Of(["kernels", "profile", "gemm-128-160", "--shipped", .. more]);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains(target, run.Output, StringComparison.Ordinal);
        string[] rows = [.. run.Output.Split('\n').Where(line => line.Contains(card, StringComparison.Ordinal))];
        // Launches of several kernels have one entry and one shape: the kernel's name tells the estimates apart.
        Assert.All(rows, row => Assert.Contains("gemm-128-160", row, StringComparison.Ordinal));
        Assert.NotEmpty(rows);
    }

    [Fact]
    public async Task Profile_CardsOfSeveralArchitectures_AsksWhichCounts()
    {
        CliRun run = await CliRun.Of("kernels", "profile", "--card", "T4", "--card", "H100");

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("--arch", run.Error, StringComparison.Ordinal);
    }
}
