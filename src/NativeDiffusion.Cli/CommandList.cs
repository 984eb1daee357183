using NativeDiffusion.Cli.Commands;

namespace NativeDiffusion.Cli;

/// <summary>Every command, one line each, in the order of the help.</summary>
internal static class CommandList
{
    /// <summary>Creates the commands.</summary>
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
