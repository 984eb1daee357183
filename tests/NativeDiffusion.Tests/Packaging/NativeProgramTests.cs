using System.Text.Json;
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
}
