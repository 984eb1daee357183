using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Memory of a card, aligned to 256 bytes. Its content is undefined until written.</summary>
internal sealed class DeviceBuffer : CudaHandle
{
    /// <exception cref="CudaOutOfMemoryException">The card has no such room.</exception>
    public DeviceBuffer(CudaContext context, long bytes)
        : base(context)
    {
        // The driver refuses an empty allocation; an empty tensor is none of our errors.
        CUresult made = context.Driver.cuMemAlloc(out CUdeviceptr address, (nuint)Math.Max(bytes, 1));
        Take(made, (nint)address.Value, bytes, nameof(ICudaDriver.cuMemAlloc));
        Bytes = bytes;
    }

    public long Bytes { get; }

    public DevicePointer Pointer => new((ulong)Value);

    // Waits for work that may still use the memory: the driver's own rule for cuMemFree.
    protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuMemFree(new CUdeviceptr((ulong)value));
}
