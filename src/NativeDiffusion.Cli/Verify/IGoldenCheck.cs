namespace NativeDiffusion.Cli.Verify;

/// <summary>Knows one kind of golden file (<c>unet-*.json</c>, <c>tokens-*.json</c>, …) and makes its cases.</summary>
internal interface IGoldenCheck
{
    /// <summary>Whether a file of this name is of this kind.</summary>
    /// <param name="fileName">The file's name without its folder: <c>unet-small.json</c>.</param>
    bool Handles(string fileName);

    /// <summary>Lists the cases of one file; the names, prefixes and counts come from the file alone.</summary>
    /// <param name="path">The file's full path.</param>
    IEnumerable<VerifyCase> Cases(string path);
}
