using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Shared memory: bounds, bank wavefronts, checks, data movement.</summary>
internal static unsafe class SharedAccess
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong* addresses)
    {
        Worker worker = warp.Worker;
        MemorySite site = worker.Site(warp.Frame.Program, operation.Site);
        ulong first = addresses[BitOperations.TrailingZeroCount(mask)];
        AccessPattern pattern = site.Pattern(addresses, first, mask, operation.Width);
        if (!pattern.IsAligned || (long)first + pattern.Lowest < KernelImage.SharedStart || (long)first + pattern.End > warp.Launch.SharedEnd
            || first > uint.MaxValue)
        {
            mask = Refuse(operation, warp, mask, addresses);
            if (mask == 0) return;
            first = addresses[BitOperations.TrailingZeroCount(mask)];
            pattern = site.Pattern(addresses, first, mask, operation.Width);
        }
        pattern.CountWavefronts();
        MemoryTally tally = worker.Memory;
        long bytes = (long)BitOperations.PopCount(mask) * operation.Width;
        if (operation.IsStore) tally.SharedStoreBytes += bytes;
        if (operation.IsLoad) tally.SharedLoadBytes += bytes;
        if (operation.Strength == AccessStrength.Atomic) tally.SharedAtomics += BitOperations.PopCount(mask);
        tally.SharedWavefronts += pattern.Wavefronts;
        tally.SharedWavefrontsNeeded += pattern.WavefrontsNeeded;
        if (warp.Block.Shadow is not null) SharedChecks.Run(operation, warp, registers, mask, first, pattern);
        bool isFlag = operation.Strength != AccessStrength.Weak && warp.Launch.Image.HasPartialOrder;
        if (isFlag && operation.HasRelease) warp.Block.Release(warp, operation.IsWide);
        operation.Move(warp, registers, mask, warp.Block.Shared + first, pattern, true);
        if (isFlag) Signal(operation, warp, mask, first, pattern);
    }

    /// <summary>A flag write publishes what its warp has fenced; a flag read may acquire it.</summary>
    private static void Signal(MemoryOperation operation, Warp warp, uint mask, ulong first, AccessPattern pattern)
    {
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            ulong address = first + pattern.Deltas[BitOperations.TrailingZeroCount(rest)];
            // An atomic observes the value before its own update.
            if (operation.IsLoad) warp.Block.SharedOrder.Observe(warp.Index, address);
            if (operation.IsStore) warp.Block.SharedOrder.Publish(warp.Index, address, operation.IsLoad);
        }
        if (operation.HasAcquire) warp.Block.Acquire(warp, operation.IsWide);
    }

    private static uint Refuse(MemoryOperation operation, Warp warp, uint mask, ulong* addresses)
    {
        uint misaligned = 0, outside = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong address = addresses[lane];
            if ((address & (ulong)(operation.Width - 1)) != 0) misaligned |= 1u << lane;
            else if (address < KernelImage.SharedStart || address > uint.MaxValue || address + (ulong)operation.Width > (ulong)warp.Launch.SharedEnd) outside |=
                1u << lane;
        }
        string access = operation.IsStore ? "write" : "read";
        if (misaligned != 0)
        {
            ulong address = addresses[BitOperations.TrailingZeroCount(misaligned)];
            warp.Report(FindingKind.Misaligned, operation.Source, misaligned, string.Create(CultureInfo.InvariantCulture,
                $"misaligned shared {access} of {operation.Width} bytes at 0x{address:X}"), address);
        }
        if (outside != 0)
        {
            ulong address = addresses[BitOperations.TrailingZeroCount(outside)];
            warp.Report(FindingKind.OutOfBounds, operation.Source, outside, string.Create(CultureInfo.InvariantCulture,
                $"invalid shared {access} of {operation.Width} bytes at 0x{address:X}; the block's {warp.Launch.SharedBytes} bytes end at "
                    + $"0x{warp.Launch.SharedEnd:X}"), address);
        }
        warp.Launch.Abort();
        return mask & ~(misaligned | outside);
    }
}
