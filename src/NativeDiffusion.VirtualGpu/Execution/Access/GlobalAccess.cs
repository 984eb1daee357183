using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Global memory: finds the allocation, checks, counts, moves.</summary>
internal static unsafe class GlobalAccess
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong* addresses)
    {
        MemorySite site = warp.Worker.Site(warp.Frame.Program, operation.Site);
        while (mask != 0)
        {
            ulong first = addresses[BitOperations.TrailingZeroCount(mask)];
            AccessPattern pattern = site.Pattern(addresses, first, mask, operation.Width);
            if (site.Allocation is { IsFreed: false } allocation && pattern.IsAligned)
            {
                long offset = (long)(first - allocation.Address);
                if (offset + pattern.Lowest >= 0 && (ulong)(offset + pattern.End) <= allocation.Size)
                {
                    Touch(operation, warp, registers, mask, allocation, (ulong)offset, pattern);
                    return;
                }
            }
            uint good = Sort(operation, warp, ref mask, addresses, out Allocation? found);
            if (good == 0) continue;
            site.Allocation = found;
            if (good == mask) continue;
            // Lanes in several allocations: one after the other.
            ulong start = addresses[BitOperations.TrailingZeroCount(good)];
            Touch(operation, warp, registers, good, found!, start - found!.Address, site.Pattern(addresses, start, good, operation.Width));
            mask &= ~good;
        }
    }

    /// <summary>One lane that accesses fewer bytes than the access width: alignment of the access, bounds of the bytes. Null if invalid.</summary>
    public static nint? RunPartial(MemoryOperation operation, Warp warp, int lane, ulong address, int bytes)
    {
        if ((address & (ulong)(operation.Width - 1)) != 0)
        {
            warp.Report(FindingKind.Misaligned, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                $"misaligned global read of {operation.Width} bytes at 0x{address:X}"), address);
            warp.Launch.Abort();
            return null;
        }
        Allocation? allocation = warp.Launch.Space.Find(address);
        if (allocation is null || allocation.IsFreed || !allocation.Contains(address, (ulong)bytes) || !warp.Launch.CanReach(allocation))
        {
            ReportMissing(operation, warp, 1u << lane, address, "reads");
            return null;
        }
        ulong offset = address - allocation.Address;
        MemoryTally tally = warp.Worker.Memory;
        tally.GlobalLoadBytes += bytes;
        tally.GlobalSectors++;
        tally.GlobalSectorsNeeded++;
        warp.Worker.Unique.Touch(allocation, offset, (ulong)bytes);
        if (warp.Launch.Options.HasChecks) GlobalChecks.RunPartial(operation, warp, lane, allocation, offset, bytes);
        return (nint)(allocation.Bytes + offset);
    }

    /// <summary>The lanes in the same allocation as the first one; lanes with invalid addresses are reported and removed from the mask.</summary>
    private static uint Sort(MemoryOperation operation, Warp warp, ref uint mask, ulong* addresses, out Allocation? found)
    {
        found = null;
        uint good = 0, misaligned = 0, missing = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = addresses[lane];
            if ((address & (ulong)(operation.Width - 1)) != 0)
            {
                misaligned |= 1u << lane;
                continue;
            }
            if (found is not null && found.Contains(address, (ulong)operation.Width))
            {
                good |= 1u << lane;
                continue;
            }
            Allocation? allocation = warp.Launch.Space.Find(address);
            if (allocation is null || !allocation.Contains(address, (ulong)operation.Width) || !IsOpen(operation, warp, allocation)) missing |= 1u << lane;
            else if (found is null)
            {
                found = allocation;
                good |= 1u << lane;
            }
        }
        mask &= ~(misaligned | missing);
        string access = operation.IsStore ? "write" : "read";
        if (misaligned != 0)
        {
            ulong address = addresses[BitOperations.TrailingZeroCount(misaligned)];
            warp.Report(FindingKind.Misaligned, operation.Source, misaligned, string.Create(CultureInfo.InvariantCulture,
                $"misaligned global {access} of {operation.Width} bytes at 0x{address:X}"), address);
            warp.Launch.Abort();
        }
        if (missing != 0) ReportMissing(operation, warp, missing, addresses[BitOperations.TrailingZeroCount(missing)], access);
        return good;
    }

    /// <summary>True for allocated memory that the device can access, and for writes is not constant.</summary>
    private static bool IsOpen(MemoryOperation operation, Warp warp, Allocation allocation) =>
        !allocation.IsFreed && warp.Launch.CanReach(allocation) && !(operation.IsStore && allocation.Kind == AllocationKind.Constant);

    private static void ReportMissing(MemoryOperation operation, Warp warp, uint missing, ulong address, string access)
    {
        Allocation? holder = warp.Launch.Space.Find(address);
        FindingKind kind = holder is { IsFreed: true } ? FindingKind.UseAfterFree
            : holder is { Kind: AllocationKind.Constant } && operation.IsStore && holder.Contains(address, (ulong)operation.Width) ? FindingKind.ReadOnlyStore
            : FindingKind.OutOfBounds;
        holder ??= warp.Launch.Space.Nearest(address);
        warp.Report(kind, operation.Source, missing, string.Create(CultureInfo.InvariantCulture,
            $"invalid global {access} of {operation.Width} bytes at 0x{address:X}, {Describe(holder, address)}"), address);
        warp.Launch.Abort();
    }

    /// <summary>Describes an address relative to an allocation.</summary>
    public static string Describe(Allocation? allocation, ulong address)
    {
        if (allocation is null) return "outside of every allocation";
        string name = allocation.Name is null ? "" : $" '{allocation.Name}'";
        string what = string.Create(CultureInfo.InvariantCulture, $"the allocation{name} of {allocation.Size} bytes at 0x{allocation.Address:X}");
        if (address >= allocation.Address + allocation.Size)
            return string.Create(CultureInfo.InvariantCulture, $"{address - allocation.Address - allocation.Size} bytes past the end of {what}");
        if (address < allocation.Address) return string.Create(CultureInfo.InvariantCulture, $"{allocation.Address - address} bytes before {what}");
        string where = allocation.IsFreed ? ", which was freed" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{address - allocation.Address} bytes into {what}{where}");
    }

    private static void Touch(MemoryOperation operation, Warp warp, byte* registers, uint mask, Allocation allocation, ulong offset, AccessPattern pattern)
    {
        Worker worker = warp.Worker;
        MemoryTally tally = worker.Memory;
        long bytes = (long)BitOperations.PopCount(mask) * operation.Width;
        if (operation.IsStore) tally.GlobalStoreBytes += bytes;
        if (operation.IsLoad) tally.GlobalLoadBytes += bytes;
        if (operation.Strength == AccessStrength.Atomic) tally.GlobalAtomics += BitOperations.PopCount(mask);
        tally.GlobalRequests++;
        tally.GlobalSectors += pattern.Sectors;
        tally.GlobalSectorsNeeded += pattern.SectorsNeeded;
        foreach ((long start, int length, _) in pattern.Runs) worker.Unique.Touch(allocation, (ulong)((long)offset + start), (ulong)length);
        if (warp.Launch.Options.HasChecks) GlobalChecks.Run(operation, warp, registers, mask, allocation, offset, pattern);
        else if (operation.IsStore && !allocation.Initialized.IsFull) Mark(allocation, offset, pattern);
        if (operation.HasRelease) warp.Block.Release(warp, operation.IsWide);
        bool isFlag = operation.Strength != AccessStrength.Weak && warp.Launch.Image.HasGlobalFences;
        if (isFlag && operation.IsStore) Publish(operation, warp, mask, allocation.Address + offset, pattern);
        operation.Move(warp, registers, mask, allocation.Bytes + offset, pattern, false);
        // Behind the move: a value that is there has its record.
        if (isFlag && operation.IsLoad) Observe(warp, mask, allocation.Address + offset, pattern);
        if (operation.HasAcquire) warp.Block.Acquire(warp, operation.IsWide);
    }

    public static void Mark(Allocation allocation, ulong offset, AccessPattern pattern)
    {
        foreach ((long start, int length, _) in pattern.Runs) allocation.Initialized.Mark((ulong)((long)offset + start), (ulong)length);
    }

    /// <summary>A flag write publishes what its warp has fenced.</summary>
    private static void Publish(MemoryOperation operation, Warp warp, uint mask, ulong first, AccessPattern pattern)
    {
        ThreadBlock block = warp.Block;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            ulong address = first + pattern.Deltas[BitOperations.TrailingZeroCount(rest)];
            warp.Launch.Flags.Publish(address, block.Order.Release(warp.Index, block.Number, block.Time), operation.Strength == AccessStrength.Atomic);
        }
    }

    /// <summary>A flag read may acquire what was published.</summary>
    private static void Observe(Warp warp, uint mask, ulong first, AccessPattern pattern)
    {
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            ulong address = first + pattern.Deltas[BitOperations.TrailingZeroCount(rest)];
            if (warp.Launch.Flags.Read(address) is { } record) warp.Block.Order.Observe(warp.Index, record);
        }
    }
}
