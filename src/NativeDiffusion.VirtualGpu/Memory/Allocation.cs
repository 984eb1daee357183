using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>An address range with its bytes and their state. It stays known after it was freed.</summary>
internal sealed unsafe class Allocation
{
    private readonly bool _ownsBytes;

    /// <summary>New device memory, filled with a conspicuous pattern.</summary>
    public Allocation(ulong address, ulong size, AllocationKind kind, int device)
    {
        (Address, Size, Kind, Device) = (address, size, kind, device);
        Bytes = (byte*)NativeMemory.AlignedAlloc((nuint)size + 64, 64);
        new UnmanagedMemory(Bytes, size).Fill(0xCB);
        Initialized = new InitializedMap(size);
        _ownsBytes = true;
    }

    /// <summary>Host memory that devices may access.</summary>
    public Allocation(byte* bytes, ulong size, bool ownsBytes)
    {
        (Address, Size, Kind, Device) = ((ulong)bytes, size, AllocationKind.Host, -1);
        Bytes = bytes;
        _ownsBytes = ownsBytes;
        // Host writes cannot be tracked.
        Initialized = new InitializedMap(size);
        Initialized.Mark(0, size);
    }

    public ulong Address { get; }

    public ulong Size { get; }

    public AllocationKind Kind { get; }

    public int Device { get; }

    public byte* Bytes { get; private set; }

    public InitializedMap Initialized { get; }

    /// <summary>The access records of the present launch; made on first use.</summary>
    public GlobalShadow? Shadow { get; set; }

    public bool IsFreed { get; private set; }

    /// <summary>Its name in findings.</summary>
    public string? Name { get; set; }

    /// <summary>True if it was freed by cuMemFreeAsync; it must not be freed twice.</summary>
    public bool IsFreePending { get; set; }

    public bool Contains(ulong address, ulong bytes) => address - Address <= Size && bytes <= Size - (address - Address);

    public void Free()
    {
        if (IsFreed) return;
        IsFreed = true;
        if (_ownsBytes) NativeMemory.AlignedFree(Bytes);
        Bytes = null;
        Initialized.Release();
        Shadow?.Dispose();
        Shadow = null;
    }
}
