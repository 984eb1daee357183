using System.Text.Json;
using NativeDiffusion.Cli.Output;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class TerminalTests
{
    [Fact]
    public void Line_NotATerminal_IsPlainAndNeverWrapped()
    {
        using var output = new StringWriter();
        string text = "[brackets] " + new string('x', 500) + " end";

        new Terminal(output, TextWriter.Null).Line(text, "green");

        Assert.Equal(text, output.ToString().TrimEnd('\n', '\r'));
    }

    [Fact]
    public void Json_OnlyTheDocument_ReachesStandardOutput()
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, json: true);

        terminal.Line("for people");
        terminal.Table(["a", ">b"], [["1", "2"]]);
        terminal.WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("one", 1);
            json.WriteEndObject();
        });

        using JsonDocument document = JsonDocument.Parse(output.ToString());
        Assert.Equal(1, document.RootElement.GetProperty("one").GetInt32());
    }

    [Fact]
    public async Task Progress_NotATerminal_IsPlainLines()
    {
        using var error = new StringWriter();

        int result = await new Terminal(TextWriter.Null, error).ProgressAsync(view =>
        {
            view.Stage("sampling", 3);
            for (int step = 1; step <= 3; step++)
                view.Step(step);
            return Task.FromResult(7);
        });

        Assert.Equal(7, result);
        Assert.Equal("sampling: 3 steps", error.ToString().Trim());
    }

    [Theory]
    [InlineData(0.25, "250 ms")]
    [InlineData(9.96, "10.0 s")]
    [InlineData(75, "1:15 min")]
    [InlineData(7260, "2:01 h")]
    public void Seconds_AnyLength_ReadsAsPeopleSayIt(double seconds, string expected) =>
        Assert.Equal(expected, StepRate.Seconds(seconds));
}
