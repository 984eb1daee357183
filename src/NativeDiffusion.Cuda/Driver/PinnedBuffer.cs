using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Page-locked host memory for asynchronous copies. Scarce: for repeated copies.</summary>
public sealed unsafe class PinnedBuffer : CudaHandle
{
    /// <param name="context">The context, entered.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="CudaException">The call failed.</exception>
    public PinnedBuffer(CudaContext context, long bytes)
        : base(context)
    {
        CUresult made = context.Driver.cuMemHostAlloc(out void* pointer, (nuint)Math.Max(bytes, 1), CUmemhostalloc_flags.CU_MEMHOSTALLOC_PORTABLE);
        Take(made, (nint)pointer, call: nameof(ICudaDriver.cuMemHostAlloc));
        Bytes = bytes;
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>Its first byte on the host.</summary>
    public void* Pointer => (void*)Value;

    /// <summary>The memory; valid for the lifetime of the buffer.</summary>
    public Span<byte> Span => new(Pointer, checked((int)Bytes));

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuMemFreeHost((void*)value);
}
