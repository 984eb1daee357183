using System.CommandLine;
using NativeDiffusion.Cli.Output;

namespace NativeDiffusion.Cli;

/// <summary>
/// A command of <c>ndiff</c>: declares its options in the constructor and does its work in <see cref="RunAsync"/>.
/// To add one, derive from this class and add a line to <see cref="CommandList"/>.
/// </summary>
internal abstract class NdiffCommand : Command
{
    private protected NdiffCommand(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines for the help text, each with a leading <c>ndiff</c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Does the command's work. Exceptions are reported by the caller, once for all commands.</summary>
    /// <param name="arguments">The parsed command line.</param>
    /// <param name="terminal">The output.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public abstract Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation);
}
