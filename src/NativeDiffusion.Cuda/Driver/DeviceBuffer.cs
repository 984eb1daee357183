using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Device memory, aligned to 256 bytes. Its content is undefined until written.</summary>
public sealed class DeviceBuffer : CudaHandle
{
    /// <param name="context">The context, entered.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="CudaOutOfMemoryException">The device has not enough free memory.</exception>
    public DeviceBuffer(CudaContext context, long bytes)
        : base(context)
    {
        // The driver rejects empty allocations, but an empty tensor is valid.
        CUresult made = context.Driver.cuMemAlloc(out CUdeviceptr address, (nuint)Math.Max(bytes, 1));
        Take(made, (nint)address.Value, bytes, nameof(ICudaDriver.cuMemAlloc));
        Bytes = bytes;
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>Its device address.</summary>
    public DevicePointer Pointer => new((ulong)Value);

    // Waits for work that may still use the memory: as cuMemFree does.
    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuMemFree(new CUdeviceptr((ulong)value));
}

/// <summary>A device address. Offsets are in bytes; not owned.</summary>
/// <param name="Address">The address; 0 is none.</param>
public readonly record struct DevicePointer(ulong Address)
{
    /// <summary>The driver's representation.</summary>
    public static implicit operator CUdeviceptr(DevicePointer pointer) => new(pointer.Address);

    /// <summary>The address plus an offset in bytes.</summary>
    public static DevicePointer operator +(DevicePointer pointer, long bytes) => new(unchecked(pointer.Address + (ulong)bytes));

    /// <summary>The address in hexadecimal.</summary>
    public override string ToString() => $"0x{Address:x}";
}
