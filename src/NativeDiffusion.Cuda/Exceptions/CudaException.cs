namespace NativeDiffusion;

/// <summary>A call of NVIDIA's driver or of one of its libraries failed.</summary>
public class CudaException : DeviceException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="status">The status as the library returned it.</param>
    /// <param name="name">NVIDIA's name of the status.</param>
    /// <param name="call">The function that returned it.</param>
    /// <param name="message">The complete message for the user.</param>
    public CudaException(int status, string name, string call, string message)
        : base(message)
    {
        Status = status;
        Name = name;
        Call = call;
    }

    /// <summary>The status as the library returned it: a CUresult, cublasStatus_t or nvrtcResult, by <see cref="Call"/>'s library.</summary>
    public int Status { get; }

    /// <summary>NVIDIA's name of the status, such as <c>CUDA_ERROR_ILLEGAL_ADDRESS</c>.</summary>
    public string Name { get; }

    /// <summary>The function that returned it, such as <c>cuMemAlloc</c>. Errors inside a kernel are reported by a later call.</summary>
    public string Call { get; }
}
