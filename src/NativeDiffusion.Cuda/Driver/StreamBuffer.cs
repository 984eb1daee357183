using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// Memory of a card in the order of a stream: what the stream is given afterwards may use it, and it is gone when the stream comes
/// past its disposal. Nobody waits, neither for the one nor for the other. Other streams must wait for an event first, and be waited for.
/// </summary>
public sealed class StreamBuffer : CudaHandle
{
    private readonly CUstream _stream;

    /// <param name="stream">The stream in whose order it is there; its context is entered.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="CudaOutOfMemoryException">The card has no such room.</exception>
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

    /// <summary>Its first byte on the card.</summary>
    public DevicePointer Pointer => new((ulong)Value);

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuMemFreeAsync(new CUdeviceptr((ulong)value), _stream);
}
