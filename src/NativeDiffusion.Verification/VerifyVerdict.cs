namespace NativeDiffusion.Verification;

/// <summary>What became of one golden case.</summary>
public enum VerifyVerdict
{
    /// <summary>Within its budget.</summary>
    Passed,

    /// <summary>Outside its budget.</summary>
    Missed,

    /// <summary>Not run; the detail says why.</summary>
    Skipped,
}
