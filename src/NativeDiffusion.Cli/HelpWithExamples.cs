using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NativeDiffusion.Cli;

/// <summary>The library's help, followed by examples and, at the top, by exit codes and environment variables.</summary>
internal sealed class HelpWithExamples(HelpAction inner, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    private static readonly (string Name, string Meaning)[] s_variables =
    [
        ("NDIFF_MODELS", "folders searched for models by name, separated as in PATH"),
        ("NDIFF_CUDA_PATH", "folders searched first for CUDA libraries, separated as in PATH"),
        ("NDIFF_CACHE", "folder of the kernel cache, instead of the user's own"),
        ("NO_COLOR", "if set, no colours"),
    ];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = inner.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        Section(output, "Examples:", command is NdiffCommand ndiff ? ndiff.Examples : command is RootCommand ? rootExamples : []);
        if (command is RootCommand)
        {
            Section(output, "Exit codes:", [.. ExitCodes.Meanings.Select(m => $"{m.Code,-4} {m.Meaning}")]);
            Section(output, "Environment:", [.. s_variables.Select(v => $"{v.Name,-16} {v.Meaning}")]);
        }

        return code;
    }

    private static void Section(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        output.WriteLine(title);
        foreach (string line in lines)
            output.WriteLine($"  {line}");
        output.WriteLine();
    }
}
