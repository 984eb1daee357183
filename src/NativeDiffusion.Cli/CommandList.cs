using NativeDiffusion.Cli.Commands;

namespace NativeDiffusion.Cli;

/// <summary>Every command, one line each, in the order in which help lists them.</summary>
internal static class CommandList
{
    /// <summary>Makes the commands.</summary>
    public static IReadOnlyList<NdiffCommand> Create() =>
    [
        new SampleCommand(),
        new InspectCommand(),
        new DoctorCommand(),
        new BenchCommand(),
        new ScheduleCommand(),
        new VerifyCommand(),
        new KernelsCommand(),
        new CompletionCommand(),
    ];
}
