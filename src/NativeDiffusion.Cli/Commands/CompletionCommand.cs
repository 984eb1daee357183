using System.CommandLine;
using NativeDiffusion.Cli.Output;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff completion SHELL</c>: prints the completion script of a shell.</summary>
internal sealed class CompletionCommand : NdiffCommand
{
    // Each script passes the line and the cursor to the parser's suggest directive.
    private const string Bash = """
        _ndiff() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(ndiff "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _ndiff ndiff
        """;

    private const string Zsh = """
        #compdef ndiff
        _ndiff() {
          local -a words_found
          words_found=("${(@f)$(ndiff "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a words_found || _files
        }
        compdef _ndiff ndiff
        """;

    private const string Fish = """
        function __ndiff_complete
          ndiff "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null
        end
        complete -c ndiff -a '(__ndiff_complete)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName ndiff -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          ndiff "[suggest:$cursorPosition]" "$commandAst" 2>$null |
            Where-Object { $_ -like "$wordToComplete*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private readonly Argument<string> _shell = new("shell") { Description = "The shell" };

    /// <summary>Declares the command.</summary>
    public CompletionCommand()
        : base(
            "completion",
            "Print the completion script of a shell",
            "source <(ndiff completion bash)",
            "ndiff completion zsh > \"${fpath[1]}/_ndiff\"",
            "ndiff completion fish > ~/.config/fish/completions/ndiff.fish",
            "ndiff completion pwsh | Out-String | Invoke-Expression")
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        Arguments.Add(_shell);
    }

    /// <inheritdoc/>
    public override Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        terminal.OutputWriter.WriteLine(arguments.GetRequiredValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        });
        return Task.FromResult(ExitCodes.Ok);
    }
}
