using System.Runtime.InteropServices;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>An array in device memory, looked at from the host.</summary>
internal sealed unsafe class DeviceArray<T>(Allocation allocation, int count) : IDeviceArray
    where T : unmanaged
{
    public Allocation Allocation => allocation;

    public ulong Address => allocation.Address;

    public Span<T> Span => MemoryMarshal.Cast<byte, T>(new Span<byte>(allocation.Bytes, count * sizeof(T)));

    public T[] ToArray() => Span.ToArray();

    public T this[int index] => Span[index];
}
