namespace NativeDiffusion.Imaging;

/// <summary>An invalid picture file. The message names the file, what was expected and what was found.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The error, without the file's name.</param>
    /// <param name="file">The file's name, put before the message.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public ImageFormatException(string message, string file, Exception? innerException = null)
        : base($"{file}: {message}", innerException) => File = file;

    /// <summary>The file's name, as passed to the reader.</summary>
    public string File { get; }
}
