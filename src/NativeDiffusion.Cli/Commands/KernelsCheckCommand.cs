using System.CommandLine;
using System.Diagnostics;
using NativeDiffusion.Cli.Kernels;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Cli.Commands;

/// <summary><c>ndiff kernels check</c>: proves the kernels on a card, real or virtual, against references in double precision.</summary>
internal sealed class KernelsCheckCommand : NdiffCommand
{
    private readonly Option<string?> _device = new(
        "--device")
    { Description = "Card: cuda:N, or virtual:NAME for one that is simulated (default: cuda:0, else virtual:h100)", HelpName = "card" };
    private readonly Option<string?> _only = new("--only") { Description = "Check only kernels or cases that match this pattern (* and ?)", HelpName = "glob" };

    /// <summary>Declares the command.</summary>
    public KernelsCheckCommand()
        : base(
            "check",
            "Prove the CUDA kernels on this machine's card against references in double precision; exit code 1 on a miss",
            "ndiff kernels check",
            "ndiff kernels check --device cuda:1 --only 'gemm-*'",
            "ndiff kernels check --device virtual:h100 --only 'softmax/*' --json > report.json")
    {
        Options.Add(_device);
        Options.Add(_only);
    }

    /// <inheritdoc/>
    public override async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string? only = arguments.GetValue(_only);
        using CheckedCard card = CheckedCard.Open(arguments.GetValue(_device));
        var verifier = new KernelVerifier(card.Device, only, card.Largest, card.NewFindings);
        if (verifier.Cases.Count == 0)
            throw new CliException(
                $"No case for {card.Device.Properties.Name} matches --only '{only}': it is a pattern of a kernel's name or a case's, 'gemm-*' or 'softmax/*'.",
                ExitCodes.Usage);
        long start = Stopwatch.GetTimestamp();
        List<KernelOutcome> outcomes = await terminal.ProgressAsync(view => Task.Run(
            () =>
            {
                var done = new List<KernelOutcome>();
                view.Stage("checking kernels", verifier.Cases.Count);
                foreach (KernelOutcome outcome in verifier.Run(cancellation))
                {
                    done.Add(outcome);
                    view.Step(done.Count, outcome.Case.Kernel);
                }

                return done;
            },
            cancellation));
        KernelCheckReport.Write(terminal, card, outcomes, Stopwatch.GetElapsedTime(start).TotalSeconds);
        return outcomes.All(outcome => outcome.Result.Verdict == VerifyVerdict.Passed) ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
