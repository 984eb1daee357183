using System.Text.Json;
using NativeDiffusion.Cli;
using NativeDiffusion.Testing;
using NativeDiffusion.Tests.Cli;
using Xunit;

namespace NativeDiffusion.Tests.Packaging;

public sealed class NativeProgramTests(NativeProgram native) : IClassFixture<NativeProgram>
{
    [Fact]
    public async Task Doctor_CompiledAheadOfTime_FindsTheModelBesideIt()
    {
        Assert.SkipUnless(native.Missing is null, native.Missing ?? "");

        using JsonDocument report = JsonDocument.Parse(await DotNetCommand.RunAsync(native.Program, native.Folder, "doctor", "--json"));

        JsonElement model = Assert.Single(report.RootElement.GetProperty("models").EnumerateArray());
        Assert.StartsWith(Path.GetDirectoryName(native.Program)!, model.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Contains("ahead of time", report.RootElement.GetProperty("program").GetProperty("runtime").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_CompiledAheadOfTime_DrawsTheSameBytes()
    {
        Assert.SkipUnless(native.Missing is null, native.Missing ?? "");
        string compiled = Path.Combine(native.Folder, "compiled.png"), interpreted = Path.Combine(native.Folder, "jit.png");
        string[] arguments = ["sample", "red mountains at sunset with two trees", "--seed", "7", "-o"];

        await DotNetCommand.RunAsync(native.Program, native.Folder, [.. arguments, compiled]);
        CliRun run = await CliRun.Of([.. arguments, interpreted]);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Equal(
            await File.ReadAllBytesAsync(
            interpreted, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(compiled, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Verify_CompiledAheadOfTime_IsWithinTheBudgets()
    {
        Assert.SkipUnless(native.Missing is null, native.Missing ?? "");

        // Tokens, text states and the parts of the small model: what could depend on globalisation or on code that trimming took away.
        string report = await DotNetCommand.RunAsync(native.Program, native.Folder, "verify", Repository.Goldens, "--only", "t*");

        Assert.Contains(" 0 missed", report, StringComparison.Ordinal);
    }
}
