namespace NativeDiffusion.Cli.Verify;

/// <summary>What became of one golden case.</summary>
internal enum VerifyVerdict
{
    /// <summary>Within its budget.</summary>
    Passed,

    /// <summary>Outside its budget.</summary>
    Missed,

    /// <summary>Not run; the detail says why.</summary>
    Skipped,
}
