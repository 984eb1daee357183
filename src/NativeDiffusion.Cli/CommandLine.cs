using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using NativeDiffusion.Cli.Output;

namespace NativeDiffusion.Cli;

/// <summary>The command line: the root command, its global options, and execution.</summary>
internal static partial class CommandLine
{
    private static readonly string[] s_examples =
    [
        "ndiff sample \"red mountains at sunset with two trees\"",
        "ndiff doctor",
        "ndiff verify tests/goldens",
    ];

    /// <summary>Parses and runs a command line; never throws.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="terminal">Creates the terminal from the global options: (json, debug).</param>
    /// <param name="cancellation">Cancels the command.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Func<bool, bool, Terminal> terminal, CancellationToken cancellation)
    {
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON document", Recursive = true };
        var debug = new Option<bool>("--debug") { Description = "Show where an error came from", Recursive = true };
        RootCommand root = Root(json, debug, terminal, cancellation);
        ParseResult parsed = root.Parse(arguments);
        Terminal console = terminal(parsed.GetValue(json), parsed.GetValue(debug));
        try
        {
            if (parsed.Action is ParseErrorAction)
                return UsageError(parsed, console);
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = console.OutputWriter,
                Error = console.ErrorWriter,
            };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
#pragma warning disable CA1031 // The outermost frame: every exception becomes a message and an exit code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ErrorReport.Write(console, exception);
        }
    }

    private static RootCommand Root(Option<bool> json, Option<bool> debug, Func<bool, bool, Terminal> terminal, CancellationToken cancellation)
    {
        var root = new RootCommand("Stable Diffusion 1.5 in C#: generates pictures from text and verifies the results against goldens.");
        root.Options.Add(json);
        root.Options.Add(debug);
        foreach (NdiffCommand command in CommandList.Create())
        {
            foreach (NdiffCommand one in command.Subcommands.OfType<NdiffCommand>().Prepend(command))
                one.SetAction((parsed, _) => one.RunAsync(parsed, terminal(parsed.GetValue(json), parsed.GetValue(debug)), cancellation));
            root.Subcommands.Add(command);
        }

        HelpOption builtIn = root.Options.OfType<HelpOption>().Single();
        root.Options.Remove(builtIn);
        var help = new HelpWithExamples((HelpAction)builtIn.Action!, s_examples);
        root.Options.Add(new HelpOption("--help", "-h") { Action = help });
        root.SetAction(parsed =>
        {
            help.Invoke(parsed);
            return ExitCodes.Usage;
        });
        return root;
    }

    // The parser's own action prints the whole help after the error; a message and a reference are shorter.
    private static int UsageError(ParseResult parsed, Terminal console)
    {
        foreach (string message in parsed.Errors.Select(error => OneLine(ExpectedType().Replace(error.Message, ""))).Distinct())
            console.Error($"error: {message}");
        console.Error($"See '{Path(parsed.CommandResult.Command)} --help'.");
        return ExitCodes.Usage;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));

    // The parser's message contains a .NET type name, which means nothing to users.
    [GeneratedRegex(" as expected type '[^']*'")]
    private static partial Regex ExpectedType();

    private static string Path(Command command) =>
        command is RootCommand ? "ndiff" : $"{command.Parents.OfType<Command>().Select(Path).FirstOrDefault() ?? "ndiff"} {command.Name}";
}
