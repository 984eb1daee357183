namespace NativeDiffusion.Cli.Verify;

/// <summary>One golden file and the check that knows its kind.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Name">The name without folder and extension, as case names begin.</param>
/// <param name="Check">The check, or null when none knows the kind.</param>
internal sealed record GoldenFile(string Path, string Name, IGoldenCheck? Check);
