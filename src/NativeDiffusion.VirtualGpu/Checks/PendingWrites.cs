using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>
/// Memory that a launch must not access before griddepcontrol.wait: what the preceding launches wrote (or read, for writes), taken from their
/// access records.
/// </summary>
internal sealed unsafe class PendingWrites
{
    private readonly Dictionary<Allocation, List<(ulong Start, ulong End, bool IsWrite)>> _ranges = [];

    /// <summary>The preceding launch, for findings.</summary>
    public required string Kernel { get; init; }

    /// <summary>Adds the accesses of a launch to an allocation.</summary>
    public void Add(Allocation allocation, uint launch)
    {
        if (allocation.Shadow is not { } shadow) return;
        for (int page = 0; page < shadow.Pages; page++)
        {
            ulong* writes = shadow.Peek(page, launch);
            if (writes is null) continue;
            uint* reads = GlobalShadow.ReadsOf(writes);
            for (int i = 0; i < GlobalShadow.PageGrains; i++)
                if (writes[i] != 0 || reads[i] != 0) Add(
                    allocation, (((ulong)page * GlobalShadow.PageGrains) + (ulong)i) * (ulong)shadow.Grain, shadow.Grain, writes[i] != 0);
        }
    }

    /// <summary>Adds what another launch left pending.</summary>
    public void Add(PendingWrites other)
    {
        foreach ((Allocation allocation, List<(ulong, ulong, bool)> ranges) in other._ranges)
            foreach ((ulong start, ulong end, bool isWrite) in ranges) Add(allocation, start, (long)(end - start), isWrite);
    }

    /// <summary>True if the bytes must not be accessed yet; pending reads block writes only.</summary>
    public bool Covers(Allocation allocation, ulong offset, ulong bytes, bool isStore)
    {
        if (!_ranges.TryGetValue(allocation, out List<(ulong Start, ulong End, bool IsWrite)>? ranges)) return false;
        foreach ((ulong start, ulong end, bool isWrite) in ranges)
            if ((isWrite || isStore) && offset < end && offset + bytes > start) return true;
        return false;
    }

    /// <summary>Adds a range that was written, or only read.</summary>
    public void Add(Allocation allocation, ulong offset, long bytes, bool isWrite)
    {
        if (!_ranges.TryGetValue(allocation, out List<(ulong Start, ulong End, bool IsWrite)>? ranges)) _ranges.Add(allocation, ranges = []);
        if (ranges.Count > 0 && ranges[^1].End == offset && ranges[^1].IsWrite == isWrite) ranges[^1] = (ranges[^1].Start, offset + (ulong)bytes, isWrite);
        else ranges.Add((offset, offset + (ulong)bytes, isWrite));
    }
}
