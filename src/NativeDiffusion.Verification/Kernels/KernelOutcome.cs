namespace NativeDiffusion.Verification;

/// <summary>What became of a kernel's case, and how long it took.</summary>
/// <param name="Case">The case.</param>
/// <param name="Result">Verdict, and error and tolerance of the worst element.</param>
/// <param name="Seconds">Wall-clock time, the reference included.</param>
public sealed record KernelOutcome(KernelCase Case, VerifyResult Result, double Seconds);
