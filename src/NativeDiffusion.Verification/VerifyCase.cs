namespace NativeDiffusion.Verification;

/// <summary>One case of a golden file.</summary>
/// <param name="Name">The file's stem and the case, as <see cref="VerifyOptions.Only"/> selects them: <c>unet-small/0.out</c>.</param>
/// <param name="EstimatedSeconds">About how long it takes on two CPU cores; 0 if it is quick.</param>
/// <param name="Run">
/// Runs it. A miss is a result and no exception; an exception counts as a miss, except <see cref="NotSupportedException"/>, which skips the case,
/// and <see cref="OperationCanceledException"/>, which ends the run.
/// </param>
public sealed record VerifyCase(string Name, double EstimatedSeconds, Func<VerifyContext, VerifyResult> Run);
