namespace NativeDiffusion;

/// <summary>A compute device cannot be used, or failed during use. The message explains what to do.</summary>
public class DeviceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The complete message for the user.</param>
    /// <param name="innerException">The exception that caused it, or null.</param>
    public DeviceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
