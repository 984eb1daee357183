namespace NativeDiffusion;

/// <summary>
/// A model, adapter or embedding file is not what it must be. The message names the file, the key, what was expected and what was found.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">The whole sentence for the user.</param>
    /// <param name="file">The file or folder that is at fault.</param>
    /// <param name="key">The tensor or entry at fault, if one is.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public CheckpointException(string message, string file, string? key = null, Exception? innerException = null)
        : base(Printable(message), innerException)
    {
        File = file;
        Key = key;
    }

    /// <summary>The file or folder that is at fault.</summary>
    public string File { get; }

    /// <summary>The tensor or entry at fault, or null when the whole file is.</summary>
    public string? Key { get; }

    // Messages quote names out of files, and a hostile name may hold line ends or what moves a terminal's cursor.
    private static string Printable(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Any(char.IsControl) ? string.Concat(message.Select(letter => char.IsControl(letter) ? ' ' : letter)) : message;
    }
}
