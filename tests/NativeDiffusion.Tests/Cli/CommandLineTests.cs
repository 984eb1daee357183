using NativeDiffusion.Cli;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_Root_ListsCommandsExamplesAndExitCodes()
    {
        CliRun run = await CliRun.Of("--help");

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.All(CommandList.Create(), command => Assert.Contains(command.Name, run.Output, StringComparison.Ordinal));
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.All(ExitCodes.Meanings, meaning => Assert.Contains(meaning.Meaning, run.Output, StringComparison.Ordinal));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Help_EveryCommand_HasExamples()
    {
        foreach (NdiffCommand command in CommandList.Create())
        {
            CliRun run = await CliRun.Of(command.Name, "--help");
            Assert.Equal(ExitCodes.Ok, run.ExitCode);
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example => Assert.Contains(example, run.Output, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("foo", "'foo'")]
    [InlineData("--bogus", "'--bogus'")]
    [InlineData("completion tcsh", "'tcsh'")]
    [InlineData("completion", "'shell'")]
    [InlineData("bench --steps x", "'--steps'")]
    public async Task Run_WrongCommandLine_IsOneSentenceAndUsage(string line, string named)
    {
        CliRun run = await CliRun.Of(line.Split(' '));

        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
        Assert.Contains("--help'", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Completion_EveryShell_AsksTheSuggestDirective(string shell)
    {
        CliRun run = await CliRun.Of("completion", shell);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggest_BeginningOfACommand_CompletesIt()
    {
        CliRun run = await CliRun.Of("[suggest:12]", "ndiff comple");

        Assert.Equal("completion", run.Output.Trim());
    }
}
