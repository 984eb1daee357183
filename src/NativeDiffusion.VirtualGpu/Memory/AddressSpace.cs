namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>
/// The address space of host and devices. Every device allocation crosses a 4 GB boundary where it is large enough, is far from its
/// neighbours, and its addresses are never reused: 32-bit address arithmetic, overruns and use after free
/// never hit another allocation.
/// </summary>
internal sealed unsafe class AddressSpace
{
    private const ulong Stride = 1UL << 32;
    private const ulong Alignment = 256;
    private readonly Lock _lock = new();
    private Allocation[] _sorted = [];
    private ulong _next = Windows.Device;

    /// <summary>Allocates device memory, aligned to 256 bytes and no better.</summary>
    /// <exception cref="OutOfMemoryException">The host is out of memory.</exception>
    public Allocation Allocate(ulong size, AllocationKind kind, int device)
    {
        lock (_lock)
        {
            _next += Stride;
            ulong below = (size / 2) & ~(Alignment - 1);
            // The boundary inside; an odd multiple of the alignment, so that no kernel relies on more.
            ulong address = _next - below;
            if ((address & Alignment) == 0) address -= Alignment;
            var allocation = new Allocation(address, size, kind, device);
            _next += (size + Stride - 1) & ~(Stride - 1);
            Insert(allocation);
            return allocation;
        }
    }

    /// <summary>Registers host memory.</summary>
    public Allocation AddHost(byte* bytes, ulong size, bool ownsBytes)
    {
        lock (_lock)
        {
            var allocation = new Allocation(bytes, size, ownsBytes);
            Insert(allocation);
            return allocation;
        }
    }

    /// <summary>Frees device memory: its addresses stay known as freed. Host memory is removed, since its addresses may be reused.</summary>
    public void Free(Allocation allocation)
    {
        lock (_lock)
        {
            allocation.Free();
            if (allocation.Kind == AllocationKind.Host) _sorted = [.. _sorted.Where(candidate => candidate != allocation)];
        }
    }

    /// <summary>The allocation that contains the address, freed ones included; null if none ever did.</summary>
    public Allocation? Find(ulong address)
    {
        Allocation[] sorted = _sorted;
        int index = IndexBelow(sorted, address);
        return index >= 0 && address - sorted[index].Address < Math.Max(1, sorted[index].Size) ? sorted[index] : null;
    }

    /// <summary>The allocation nearest to an address outside of all, to report the distance.</summary>
    public Allocation? Nearest(ulong address)
    {
        Allocation[] sorted = _sorted;
        int index = IndexBelow(sorted, address);
        Allocation? below = index >= 0 ? sorted[index] : null, above = index + 1 < sorted.Length ? sorted[index + 1] : null;
        if (below is null || above is null) return below ?? above;
        return address - (below.Address + below.Size) <= above.Address - address ? below : above;
    }

    public IEnumerable<Allocation> Live => _sorted.Where(allocation => !allocation.IsFreed);

    private static int IndexBelow(Allocation[] sorted, ulong address)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Address <= address) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    private void Insert(Allocation allocation)
    {
        int index = IndexBelow(_sorted, allocation.Address) + 1;
        var sorted = new Allocation[_sorted.Length + 1];
        Array.Copy(_sorted, sorted, index);
        sorted[index] = allocation;
        Array.Copy(_sorted, index, sorted, index + 1, _sorted.Length - index);
        // Readers keep their array.
        _sorted = sorted;
    }
}
