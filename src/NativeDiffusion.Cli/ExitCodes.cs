namespace NativeDiffusion.Cli;

/// <summary>What the process returns. The same list stands in the help of <c>ndiff</c>.</summary>
internal static class ExitCodes
{
    /// <summary>Everything asked for was done.</summary>
    public const int Ok = 0;

    /// <summary>A check missed its budget, or an input (a file, a model, a folder) cannot be used.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong: an unknown option, a value out of range.</summary>
    public const int Usage = 2;

    /// <summary>A fault of the program (EX_SOFTWARE of sysexits.h).</summary>
    public const int Internal = 70;

    /// <summary>Stopped by Ctrl-C or a termination signal (128 + SIGINT); finished pictures are kept.</summary>
    public const int Cancelled = 130;

    /// <summary>The list as help prints it.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Ok, "done"),
        (Failed, "a check missed its budget, or a file, model or folder cannot be used"),
        (Usage, "wrong command line"),
        (Internal, "a fault of the program itself (--debug shows where)"),
        (Cancelled, "stopped by Ctrl-C; what was finished is kept"),
    ];
}
