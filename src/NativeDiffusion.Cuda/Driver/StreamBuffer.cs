using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// Stream-ordered device memory: work added to the stream afterwards may use it, and it is released when the stream reaches
/// its disposal. Neither blocks the host. Other streams must be synchronized by events, before the first and after the last use.
/// </summary>
public sealed class StreamBuffer : CudaHandle
{
    private readonly CUstream _stream;

    /// <param name="stream">The stream of the allocation; its context is entered.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="CudaOutOfMemoryException">The device has not enough free memory.</exception>
    public StreamBuffer(CudaStream stream, long bytes)
        : base(stream.Context)
    {
        _stream = stream.Handle;
        CUresult made = Context.Driver.cuMemAllocAsync(out CUdeviceptr address, (nuint)Math.Max(bytes, 1), _stream);
        Take(made, (nint)address.Value, bytes, nameof(ICudaDriver.cuMemAllocAsync));
        Keep(stream);
        Bytes = bytes;
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>Its device address.</summary>
    public DevicePointer Pointer => new((ulong)Value);

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuMemFreeAsync(new CUdeviceptr((ulong)value), _stream);
}
