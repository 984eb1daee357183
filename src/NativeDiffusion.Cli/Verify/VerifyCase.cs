namespace NativeDiffusion.Cli.Verify;

/// <summary>One case of a golden file.</summary>
/// <param name="Name">The file's stem and the case, as they are selected by <c>--only</c>: <c>unet-small/0.out</c>.</param>
/// <param name="EstimatedSeconds">About how long it takes on two CPU cores; 0 when it is quick.</param>
/// <param name="Run">Runs it. Throws nothing but cancellation for a mere miss.</param>
internal sealed record VerifyCase(string Name, double EstimatedSeconds, Func<VerifyContext, VerifyResult> Run);
