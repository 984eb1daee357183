using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>A stretch of addresses with the bytes behind it, and what is known of each byte. It stays known after it was freed.</summary>
internal sealed unsafe class Allocation
{
    private readonly bool _ownsBytes;

    /// <summary>New device memory; its bytes hold a pattern that nobody would want to read.</summary>
    public Allocation(ulong address, ulong size, AllocationKind kind, int device)
    {
        (Address, Size, Kind, Device) = (address, size, kind, device);
        Bytes = (byte*)NativeMemory.AlignedAlloc((nuint)size + 64, 64);
        new UnmanagedMemory(Bytes, size).Fill(0xCB);
        Initialized = new InitializedMap(size);
        _ownsBytes = true;
    }

    /// <summary>Memory of the host that devices may use.</summary>
    public Allocation(byte* bytes, ulong size, bool ownsBytes)
    {
        (Address, Size, Kind, Device) = ((ulong)bytes, size, AllocationKind.Host, -1);
        Bytes = bytes;
        _ownsBytes = ownsBytes;
        // What the host wrote there, and when, cannot be seen from here.
        Initialized = new InitializedMap(size);
        Initialized.Mark(0, size);
    }

    public ulong Address { get; }

    public ulong Size { get; }

    public AllocationKind Kind { get; }

    public int Device { get; }

    public byte* Bytes { get; private set; }

    public InitializedMap Initialized { get; }

    /// <summary>Who wrote and read what during the present launch; made on first use.</summary>
    public GlobalShadow? Shadow { get; set; }

    public bool IsFreed { get; private set; }

    /// <summary>What to call it in a finding.</summary>
    public string? Name { get; set; }

    /// <summary>Set when it was allocated by stream order and freed so: it may not be freed twice.</summary>
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
