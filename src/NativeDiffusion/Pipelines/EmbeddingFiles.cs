using NativeDiffusion.Checkpoints;
using NativeDiffusion.Text;

namespace NativeDiffusion.Pipelines;

/// <summary>Finds and reads textual-inversion files.</summary>
internal static class EmbeddingFiles
{
    private static readonly string[] s_extensions = [".safetensors", ".pt", ".bin", ".png"];

    /// <summary>Reads files, and all files of folders; a file's name without its extension is its word.</summary>
    /// <param name="paths">Files or folders.</param>
    /// <param name="width">Width of the text model: named files of another width are an error, those in folders are ignored.</param>
    /// <exception cref="CheckpointException">A named file cannot be read, or has another width.</exception>
    public static IReadOnlyList<TextualInversion> Open(IReadOnlyList<string> paths, int width)
    {
        var found = new List<TextualInversion>();
        foreach (string path in paths)
        {
            if (!Directory.Exists(path))
            {
                found.Add(Read(path, width));
                continue;
            }

            foreach (string file in Directory.EnumerateFiles(path).Where(file => s_extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal))
                found.Add(Read(file, width));
        }

        return found;
    }

    private static TextualInversion Read(string path, int width)
    {
        TextualInversionFile file = TextualInversionFile.Open(path, width);
        return new TextualInversion(file.Name, file.Vectors);
    }
}
