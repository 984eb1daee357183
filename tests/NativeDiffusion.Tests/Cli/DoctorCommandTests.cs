using System.Text.Json;
using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Models;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Doctor_ForPeople_NamesDevicesThreadsAndModels()
    {
        CliRun run = await CliRun.Of("doctor");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        foreach (string word in (string[])["cpu", "threads", "instruction sets", "memory", ModelLocator.DefaultModel, "searched"])
            Assert.Contains(word, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Json_HoldsTheSame()
    {
        CliRun run = await CliRun.Of("doctor", "--json");

        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.EndsWith("ready", document.RootElement.GetProperty("devices").GetProperty("cpu").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            document.RootElement.GetProperty("models").EnumerateArray(), model =>
            model.GetProperty("name").GetString() == ModelLocator.DefaultModel && model.GetProperty("bytes").GetInt64() > 0);
        Assert.NotEqual(0, document.RootElement.GetProperty("searched").GetArrayLength());
    }
}
