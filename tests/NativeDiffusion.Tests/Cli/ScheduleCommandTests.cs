using System.Text.Json;
using System.Xml.Linq;
using NativeDiffusion.Cli;
using NativeDiffusion.Solvers;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class ScheduleCommandTests
{
    [Fact]
    public async Task Schedule_Table_ShowsEveryEvaluation()
    {
        CliRun run = await CliRun.Of("schedule", "--sampler", "DPM++ 2M", "--steps", "6", "--formulas");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains("DPMSolverMultistepScheduler: 6 evaluations, 0 noises drawn", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"1 +999 +14\.6146 +5\.9347", run.Output);
        Assert.Contains("1·x0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_Json_IsTheTable()
    {
        CliRun run = await CliRun.Of("schedule", "--profile", "a1111", "--sampler", "Heun", "--schedule", "Karras", "--steps", "5", "--json");

        SolverTable table = SolverProfiles.CreateTable(new SolverChoice { Profile = SolverProfile.A1111, Sampler = "Heun", Schedule = "karras", Steps = 5 });
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(table.Sigmas, json.RootElement.GetProperty("sigmas").EnumerateArray().Select(sigma => sigma.GetDouble()));
        Assert.Equal(
            table.Rows.Select(
            row => row.Timestep), json.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("timestep").GetDouble()));
        Assert.Equal(5, json.RootElement.GetProperty("noise_draws").GetInt32());
    }

    [Fact]
    public async Task Schedule_CompareAndPlot_ShowBoth()
    {
        using var folder = new TemporaryFolder();
        string plot = Path.Join(folder.Path, "both.svg");

        CliRun run = await CliRun.Of(
            "schedule", "--sampler", "DPM++ 2M", "--steps", "8", "--compare", "sampler=Euler a, profile=a1111, steps=10", "--plot", plot);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains("sample_euler_ancestral: 10 evaluations", run.Output, StringComparison.Ordinal);
        XElement svg = XDocument.Load(plot).Root!;
        Assert.Equal(2, svg.Elements().Count(element => element.Name.LocalName == "polyline"));
        Assert.Equal(18, svg.Elements().Count(element => element.Name.LocalName == "circle"));
    }

    [Fact]
    public async Task Schedule_OwnSigmas_AreUsed()
    {
        CliRun run = await CliRun.Of("schedule", "--profile", "comfy", "--sampler", "euler", "--sigmas", "14,7 3", "--json");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal([14, 7, 3, 0], json.RootElement.GetProperty("sigmas").EnumerateArray().Select(sigma => sigma.GetDouble()));
    }

    [Fact]
    public async Task Schedule_List_NamesEverySampler()
    {
        CliRun run = await CliRun.Of("schedule", "--list");

        foreach (SolverProfile profile in Enum.GetValues<SolverProfile>())
            Assert.All(SolverProfiles.SamplerNames(profile), name => Assert.Contains(name, run.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--sampler|Euler b", "sampler: 'Euler b'")]
    [InlineData("--steps|0", "steps: 0")]
    [InlineData("--sampler|Euler a|--schedule|karras", "schedule: ")]
    [InlineData("--strength|0", "strength: ")]
    [InlineData("--sigmas|3,x", "'x'")]
    [InlineData("--compare|colour=red", "--compare: 'colour'")]
    [InlineData("--compare|steps=many", "--compare: steps 'many'")]
    [InlineData("--plot|table.png", "'table.png'")]
    public async Task Schedule_WhatCannotBe_IsOneSentenceAndUsage(string line, string named)
    {
        CliRun run = await CliRun.Of([.. "schedule".Split('|'), .. line.Split('|')]);

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }
}
