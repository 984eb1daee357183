namespace NativeDiffusion.Verification;

/// <summary>The outcome of one golden case.</summary>
/// <param name="Verdict">Within budget, outside, or not run.</param>
/// <param name="Error">The largest error as a share of the same unit as <paramref name="Budget"/> (relative L2, absolute, or a count of differences).</param>
/// <param name="Budget">The largest permitted error.</param>
/// <param name="Detail">Where the worst error is, or why the case was skipped; null if there is none.</param>
public sealed record VerifyResult(VerifyVerdict Verdict, double Error, double Budget, string? Detail = null)
{
    /// <summary>Compares an error with its budget: NaN never passes.</summary>
    /// <param name="error">The measured error.</param>
    /// <param name="budget">The largest error that passes.</param>
    /// <param name="detail">Where the error is, or null.</param>
    public static VerifyResult Judge(double error, double budget, string? detail = null) =>
        new(error <= budget ? VerifyVerdict.Passed : VerifyVerdict.Missed, error, budget, detail);

    /// <summary>A case that was not run.</summary>
    /// <param name="reason">The reason, as a clause.</param>
    public static VerifyResult Skip(string reason) => new(VerifyVerdict.Skipped, 0, 0, reason);
}
