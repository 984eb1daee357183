namespace NativeDiffusion;

/// <summary>A compute device cannot be used, or failed while it was. The message says what to do next.</summary>
public class DeviceException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">The whole sentence for the user.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public DeviceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
