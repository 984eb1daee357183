using System.Text.Json;
using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Bench;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class BenchCommandTests
{
    [Fact]
    public async Task Bench_TinyModel_HoldsEveryStage()
    {
        CliRun run = await CliRun.Of("bench", "--steps", "1", "--repeat", "1", "--size", "64", "--json");

        Assert.Equal((ExitCodes.Ok, ""), (run.ExitCode, run.ExitCode == ExitCodes.Ok ? "" : run.Error));
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement stages = document.RootElement.GetProperty("stages");
        foreach (string stage in (string[])["open", "text", "encode", "denoise", "decode", "picture"])
            Assert.True(stages.GetProperty(stage).GetProperty("median").GetDouble() > 0, stage);
        Assert.True(stages.GetProperty("denoise").GetProperty("iterationsPerSecond").GetDouble() > 0);
        Assert.True(document.RootElement.GetProperty("peakResidentBytes").GetInt64() > 0);
    }

    [Fact]
    public void Median_OddAndEven_IsTheMiddle()
    {
        Assert.Equal(2, new StageTimes("x", [3, 1, 2]).Median);
        Assert.Equal(2.5, new StageTimes("x", [4, 1, 2, 3]).Median);
        Assert.Equal(4, new StageTimes("x", [0.5], 2).Rate);
    }
}
