namespace NativeDiffusion.Cli;

/// <summary>The exit codes of the process. The help of <c>ndiff</c> has the same list.</summary>
internal static class ExitCodes
{
    /// <summary>Success.</summary>
    public const int Ok = 0;

    /// <summary>A check exceeded its budget, or an input (a file, a model, a folder) cannot be used.</summary>
    public const int Failed = 1;

    /// <summary>The command line is invalid: an unknown option, a value out of range.</summary>
    public const int Usage = 2;

    /// <summary>A bug of the program (EX_SOFTWARE of sysexits.h).</summary>
    public const int Internal = 70;

    /// <summary>Stopped by Ctrl-C or a termination signal (128 + SIGINT); finished pictures are kept.</summary>
    public const int Cancelled = 130;

    /// <summary>The list in the help.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Ok, "done"),
        (Failed, "a check exceeded its budget, or a file, model or folder cannot be used"),
        (Usage, "invalid command line"),
        (Internal, "a bug of the program (--debug shows where)"),
        (Cancelled, "stopped by Ctrl-C; finished pictures are kept"),
    ];
}
