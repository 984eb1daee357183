namespace NativeDiffusion.Checkpoints;

/// <summary>Finds the folder of a model's vocabulary.</summary>
internal static class TokenizerFolder
{
    /// <summary>Whether a folder contains a vocabulary.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, "vocab.json")) && File.Exists(Path.Combine(folder, "merges.txt"));

    /// <summary>The vocabulary of a single file: in a folder of its name beside it, else in <c>tokenizer</c> beside it.</summary>
    /// <param name="checkpoint">The file.</param>
    public static string? Beside(string checkpoint)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(checkpoint))!;
        string own = Path.Combine(folder, Path.GetFileNameWithoutExtension(checkpoint));
        return ((string[])[Path.Combine(own, "tokenizer"), own, Path.Combine(folder, "tokenizer")]).FirstOrDefault(Is);
    }
}
