namespace NativeDiffusion.Verification;

/// <summary>The result and the time of a case.</summary>
/// <param name="Name">The case, as <see cref="VerifyOptions.Only"/> selects it.</param>
/// <param name="Result">Verdict, error and budget.</param>
/// <param name="Seconds">Wall-clock time.</param>
public sealed record GoldenOutcome(string Name, VerifyResult Result, double Seconds);
