namespace NativeDiffusion.Verification;

/// <summary>One golden file and the check of its kind.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Name">The name without folder and extension, as case names begin.</param>
/// <param name="Check">The check, or null for an unknown kind: the file is then reported as skipped.</param>
public sealed record GoldenFile(string Path, string Name, IGoldenCheck? Check);
