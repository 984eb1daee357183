using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Memory of a card, aligned to 256 bytes. Its content is undefined until written.</summary>
public sealed class DeviceBuffer : CudaHandle
{
    /// <param name="context">The context, entered.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="CudaOutOfMemoryException">The card has no such room.</exception>
    public DeviceBuffer(CudaContext context, long bytes)
        : base(context)
    {
        // The driver refuses an empty allocation; an empty tensor is none of our errors.
        CUresult made = context.Driver.cuMemAlloc(out CUdeviceptr address, (nuint)Math.Max(bytes, 1));
        Take(made, (nint)address.Value, bytes, nameof(ICudaDriver.cuMemAlloc));
        Bytes = bytes;
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>Its first byte on the card.</summary>
    public DevicePointer Pointer => new((ulong)Value);

    // Waits for work that may still use the memory: the driver's own rule for cuMemFree.
    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuMemFree(new CUdeviceptr((ulong)value));
}

/// <summary>An address in a card's memory. Moved in bytes; not owned.</summary>
/// <param name="Address">The address; 0 is none.</param>
public readonly record struct DevicePointer(ulong Address)
{
    /// <summary>The address as the driver has it.</summary>
    public static implicit operator CUdeviceptr(DevicePointer pointer) => new(pointer.Address);

    /// <summary>The address so many bytes on.</summary>
    public static DevicePointer operator +(DevicePointer pointer, long bytes) => new(unchecked(pointer.Address + (ulong)bytes));

    /// <summary>The address in hexadecimal.</summary>
    public override string ToString() => $"0x{Address:x}";
}
