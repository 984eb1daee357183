using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>An address in a card's memory. Moved in bytes; not owned.</summary>
/// <param name="Address">The address; 0 is none.</param>
internal readonly record struct DevicePointer(ulong Address)
{
    public static implicit operator CUdeviceptr(DevicePointer pointer) => new(pointer.Address);

    public static DevicePointer operator +(DevicePointer pointer, long bytes) => new(unchecked(pointer.Address + (ulong)bytes));

    public override string ToString() => $"0x{Address:x}";
}
