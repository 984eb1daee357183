using System.Globalization;

namespace NativeDiffusion.Cli.Pictures;

/// <summary>Where pictures go: numbered files in a folder, or one file that was named.</summary>
internal sealed class OutputPlace
{
    private readonly string? _file;
    private int _next;
    private bool _fileTaken;

    private OutputPlace(string folder, string? file, PictureFormat format)
    {
        Folder = folder;
        _file = file;
        Format = format;
        _next = NextNumber(folder);
    }

    /// <summary>The folder, which exists and can be written.</summary>
    public string Folder { get; }

    /// <summary>The format of the pictures.</summary>
    public PictureFormat Format { get; }

    /// <summary>Prepares a place; before any work is done it is certain that pictures can be written there.</summary>
    /// <param name="output">A folder, or a file name that ends in a known format's extension.</param>
    /// <param name="format">The format; null takes the file name's, else PNG.</param>
    /// <exception cref="CliException">The place cannot be written.</exception>
    public static OutputPlace Prepare(string output, PictureFormat? format)
    {
        PictureFormat? named = Directory.Exists(output) ? null : PictureFile.FormatOf(output);
        string folder = named is null ? output : Path.GetDirectoryName(Path.GetFullPath(output))!;
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
            throw new CliException($"Pictures cannot be written to '{folder}': {exception.Message} Name another place with --output.", ExitCodes.Failed, exception);
        }

        return new OutputPlace(folder, named is null ? null : output, format ?? named ?? PictureFormat.Png);
    }

    /// <summary>The path of the next picture: the named file first, then <c>00001-SEED.png</c>, <c>00002-…</c>.</summary>
    /// <param name="tag">What follows the number: the seed, or <c>grid</c>.</param>
    public string Next(string tag)
    {
        if (_file is not null && !_fileTaken)
        {
            _fileTaken = true;
            return _file;
        }

        return Path.Join(Folder, string.Create(CultureInfo.InvariantCulture, $"{_next++:00000}-{tag}{PictureFile.Extension(Format)}"));
    }

    /// <summary>The path of a picture that a job names, inside the folder.</summary>
    /// <param name="name">A file name, with or without a known extension.</param>
    /// <exception cref="CliException">The name points out of the folder.</exception>
    public string Named(string name)
    {
        if (Path.GetFileName(name) != name || name.Length == 0)
            throw new CliException($"A job's output '{name}' must be a file name without a folder; the folder is --output.");
        return Path.Join(Folder, PictureFile.FormatOf(name) is null ? name + PictureFile.Extension(Format) : name);
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
