namespace NativeDiffusion.Verification;

/// <summary>
/// A kind of golden file (<c>unet-*.json</c>, <c>tokens-*.json</c>, …) and its cases. A project with its own goldens implements it and passes
/// it to <see cref="GoldenVerifier"/> beside <see cref="GoldenChecks.All"/>.
/// </summary>
public interface IGoldenCheck
{
    /// <summary>Whether a file of this name is of this kind.</summary>
    /// <param name="fileName">The file's name without its folder: <c>unet-small.json</c>.</param>
    bool Handles(string fileName);

    /// <summary>
    /// Lists the cases of one file, lazily: each runs before the next is requested. The names, prefixes and counts depend on the file alone.
    /// </summary>
    /// <param name="path">The file's full path. One that cannot be read may throw anything: the exception is reported as a miss of this file.</param>
    IEnumerable<VerifyCase> Cases(string path);
}
