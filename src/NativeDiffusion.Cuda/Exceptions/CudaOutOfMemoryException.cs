namespace NativeDiffusion;

/// <summary>The device has not enough free memory.</summary>
public sealed class CudaOutOfMemoryException : CudaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="status">The status as the library returned it.</param>
    /// <param name="name">NVIDIA's name of the status.</param>
    /// <param name="call">The function that returned it.</param>
    /// <param name="message">The complete message for the user.</param>
    /// <param name="requested">Requested bytes.</param>
    /// <param name="free">Bytes that were free, or -1 if unknown.</param>
    /// <param name="total">Bytes of the device, or -1 if unknown.</param>
    public CudaOutOfMemoryException(int status, string name, string call, string message, long requested, long free, long total)
        : base(status, name, call, message)
    {
        Requested = requested;
        Free = free;
        Total = total;
    }

    /// <summary>Requested bytes.</summary>
    public long Requested { get; }

    /// <summary>Bytes that were free when the call failed, or -1 if unknown.</summary>
    public long Free { get; }

    /// <summary>Bytes of the device's memory, or -1 if unknown.</summary>
    public long Total { get; }
}
