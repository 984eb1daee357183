namespace NativeDiffusion.Imaging;

/// <summary>A picture file is not what it must be. The message names the file, what was expected and what was found.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, without the file's name.</param>
    /// <param name="file">The file's name, put before the message.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public ImageFormatException(string message, string file, Exception? innerException = null)
        : base($"{file}: {message}", innerException) => File = file;

    /// <summary>The file at fault, as it was named to the reader.</summary>
    public string File { get; }
}
