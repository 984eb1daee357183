namespace NativeDiffusion.Verification;

/// <summary>The verdict of one golden case.</summary>
public enum VerifyVerdict
{
    /// <summary>Within its budget.</summary>
    Passed,

    /// <summary>Outside its budget.</summary>
    Missed,

    /// <summary>Not run; the detail has the reason.</summary>
    Skipped,
}
