using System.Globalization;

namespace NativeDiffusion.Cli.Pictures;

/// <summary>The destination of pictures: numbered files in a folder, or one named file.</summary>
internal sealed class OutputPlace
{
    private readonly string? _file;
    private readonly IReadOnlyList<string> _made;
    private int _next;
    private bool _fileTaken;

    private OutputPlace(string folder, string? file, PictureFormat format, IReadOnlyList<string> made)
    {
        _made = made;
        Folder = folder;
        _file = file;
        Format = format;
        _next = NextNumber(folder);
    }

    /// <summary>The folder, which exists and can be written.</summary>
    public string Folder { get; }

    /// <summary>The format of the pictures.</summary>
    public PictureFormat Format { get; }

    /// <summary>Prepares the destination; before any work starts it is certain that pictures can be written there.</summary>
    /// <param name="output">A folder, or a file name that ends in a known format's extension.</param>
    /// <param name="format">The format; null for the file name's, else PNG.</param>
    /// <exception cref="CliException">The destination is not writable, or its extension is unknown.</exception>
    public static OutputPlace Prepare(string output, PictureFormat? format)
    {
        if (output.Length == 0)
            throw new CliException("--output is empty: give a folder, or a file ending in .png, .jpg or .webp.", ExitCodes.Usage);
        if (PictureFile.IsOtherFormat(output) && !Directory.Exists(output))
            throw new CliException($"Pictures are written as .png, .jpg or .webp, not as '{output}'.", ExitCodes.Usage);
        PictureFormat? named = Directory.Exists(output) ? null : PictureFile.FormatOf(output);
        string folder = named is null ? output : Path.GetDirectoryName(Path.GetFullPath(output))!;
        string[] made = [.. Missing(folder)];
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Join(folder, $".ndiff-{Path.GetRandomFileName()}");
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                $"Pictures cannot be written to '{folder}': {exception.Message} Choose another folder with --output.", ExitCodes.Failed, exception);
        }

        return new OutputPlace(folder, named is null ? null : output, format ?? named ?? PictureFormat.Png, made);
    }

    /// <summary>The path of the next picture: the named file first, then <c>00001-SEED.png</c>, <c>00002-…</c>.</summary>
    /// <param name="tag">The suffix after the number: the seed, or <c>grid</c>.</param>
    public string Next(string tag)
    {
        if (_file is not null && !_fileTaken)
        {
            _fileTaken = true;
            return _file;
        }

        return Path.Join(Folder, string.Create(CultureInfo.InvariantCulture, $"{_next++:00000}-{tag}{PictureFile.Extension(Format)}"));
    }

    /// <summary>The path of a picture named by a job, inside the folder.</summary>
    /// <param name="name">A file name, with or without a known extension.</param>
    /// <exception cref="CliException">The name is outside of the folder.</exception>
    public string Named(string name)
    {
        if (Path.GetFileName(name) != name || name.Length == 0)
            throw new CliException($"A job's output '{name}' must be a file name without a folder; the folder is --output.");
        return Path.Join(Folder, PictureFile.FormatOf(name) is null ? name + PictureFile.Extension(Format) : name);
    }

    /// <summary>Removes the created folders if they are empty.</summary>
    public void RemoveIfEmpty()
    {
        try
        {
            foreach (string folder in _made)
                Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is not empty, or already removed: both are fine.
        }
    }

    // The folder and its parents that do not exist, the innermost first.
    private static IEnumerable<string> Missing(string folder)
    {
        for (string? path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); path is not null
            && !Path.Exists(path); path = Path.GetDirectoryName(path))
            yield return path;
    }

    private static int NextNumber(string folder)
    {
        int largest = 0;
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(path);
            int dash = name.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                largest = Math.Max(largest, number);
        }

        return largest + 1;
    }
}
