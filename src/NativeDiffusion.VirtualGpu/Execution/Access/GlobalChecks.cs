using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Checks of accesses to global memory beyond their addresses: initcheck, hazards between blocks, and with the preceding launch.</summary>
internal static unsafe class GlobalChecks
{
    /// <summary>The bits of a write record below the block number: clock, a flag for strong accesses, warp.</summary>
    private const int StampShift = 12;
    private const uint StrongFlag = 1u << 11;
    private const uint WarpMask = 0x1F;

    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, Allocation allocation, ulong offset, AccessPattern pattern)
    {
        KernelLaunch launch = warp.Launch;
        if (launch.Pending is { } pending && (mask & ~warp.DependenciesMet) != 0) CheckPending(pending, operation, warp, mask, allocation, offset, pattern);
        if (operation.IsLoad && !allocation.Initialized.IsFull) CheckInitialized(operation, warp, mask, allocation, offset, pattern);
        if (operation.IsStore && pattern.DistinctBytes != (long)BitOperations.PopCount(mask) * operation.Width)
            StoreConflicts.Check(operation, warp, registers, mask, allocation.Address + offset, pattern);
        GlobalShadow shadow = launch.ShadowOf(allocation);
        foreach ((long start, int length, int lane) in pattern.Runs)
        {
            ulong at = (ulong)((long)offset + start);
            if (operation.IsStore) Write(operation, warp, registers, allocation, shadow, at, length, lane, pattern);
            else Read(operation, warp, allocation, shadow, at, length, lane);
        }
        if (operation.IsStore && !allocation.Initialized.IsFull) GlobalAccess.Mark(allocation, offset, pattern);
    }

    /// <summary>A read of one lane that is narrower than the access.</summary>
    public static void RunPartial(MemoryOperation operation, Warp warp, int lane, Allocation allocation, ulong offset, int bytes)
    {
        ulong address = allocation.Address + offset;
        if (warp.Launch.Pending is { } pending && (warp.DependenciesMet >> lane & 1) == 0 && pending.Covers(allocation, offset, (ulong)bytes, false))
        {
            warp.Report(FindingKind.MissingGridDependencyWait, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                $"reads 0x{address:X}, which the preceding launch '{pending.Kernel}' uses, before griddepcontrol.wait"), address);
        }
        if (allocation.Initialized.FirstMissing(offset, (ulong)bytes) is >= 0 and var missing)
        {
            address = allocation.Address + (ulong)missing;
            warp.Report(FindingKind.UninitializedGlobal, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                $"uninitialized global memory read of {bytes} bytes at 0x{address:X}, {GlobalAccess.Describe(allocation, address)}"), address);
        }
        Read(operation, warp, allocation, warp.Launch.ShadowOf(allocation), offset, bytes, lane);
    }

    private static void CheckPending(
        PendingWrites pending, MemoryOperation operation, Warp warp, uint mask, Allocation allocation, ulong offset, AccessPattern pattern)
    {
        foreach ((long start, int length, int lane) in pattern.Runs)
        {
            if (!pending.Covers(allocation, (ulong)((long)offset + start), (ulong)length, operation.IsStore)) continue;
            ulong address = allocation.Address + offset + (ulong)start;
            warp.Report(FindingKind.MissingGridDependencyWait, operation.Source, mask & ~((1u << lane) - 1), string.Create(CultureInfo.InvariantCulture,
                $"{(operation.IsStore ? "writes" : "reads")} 0x{address:X}, which the preceding launch '{pending.Kernel}' uses, "
                    + $"before griddepcontrol.wait"), address);
            return;
        }
    }

    private static void CheckInitialized(MemoryOperation operation, Warp warp, uint mask, Allocation allocation, ulong offset, AccessPattern pattern)
    {
        foreach ((long start, int length, int lane) in pattern.Runs)
        {
            long missing = allocation.Initialized.FirstMissing((ulong)((long)offset + start), (ulong)length);
            if (missing < 0) continue;
            int first = Math.Min(31, lane + (int)((missing - (long)offset - start) / operation.Width));
            ulong address = allocation.Address + (ulong)missing;
            warp.Report(FindingKind.UninitializedGlobal, operation.Source, mask & ~((1u << first) - 1), string.Create(CultureInfo.InvariantCulture,
                $"uninitialized global memory read of {operation.Width} bytes at 0x{address:X}, {GlobalAccess.Describe(allocation, address)}"), address);
            return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(MemoryOperation operation, Warp warp, Allocation allocation, GlobalShadow shadow, ulong offset, int length, int lane)
    {
        uint launch = warp.Launch.Id, me = (uint)warp.Block.Number + 1, reader = me & GlobalShadow.BlockMask;
        uint kind = operation.IsNonCoherent ? GlobalShadow.NonCoherent | GlobalShadow.Weak : operation.Strength == AccessStrength.Weak ? GlobalShadow.Weak : 0;
        int shift = BitOperations.Log2((uint)shadow.Grain);
        ulong grain = offset >> shift, end = (offset + (ulong)length + (ulong)shadow.Grain - 1) >> shift;
        while (grain < end)
        {
            int at = (int)(grain % GlobalShadow.PageGrains), count = (int)Math.Min(end - grain, (ulong)(GlobalShadow.PageGrains - at));
            ulong* writes = shadow.Get((int)(grain / GlobalShadow.PageGrains), launch);
            uint* reads = GlobalShadow.ReadsOf(writes);
            int i = at, last = at + count;
            for (; i + 8 <= last; i += 8)
            {
                var w = Vector512.Load(writes + i);
                Vector512<ulong> isFine = Vector512.Equals(w, Vector512<ulong>.Zero);
                if (!operation.IsNonCoherent) isFine |= Vector512.Equals(w >> 32, Vector512.Create((ulong)me));
                if (isFine != Vector512<ulong>.AllBitsSet) ForeignRead(
                    operation, warp, allocation, writes, i, 8, (grain + (ulong)(i - at)) << shift, lane, offset);
                var r = Vector256.Load(reads + i);
                Vector256<uint> blocks = r & Vector256.Create(GlobalShadow.BlockMask);
                Vector256<uint> isMine = Vector256.Equals(blocks, Vector256.Create(reader)) | Vector256.Equals(r, Vector256<uint>.Zero);
                (Vector256.ConditionalSelect(
                    isMine, Vector256.Create(reader), Vector256.Create(
                    GlobalShadow.Several)) | (r & ~Vector256.Create(GlobalShadow.BlockMask)) | Vector256.Create(kind)).Store(reads + i);
            }
            for (; i < last; i++)
            {
                ulong w = writes[i];
                if (w != 0 && ((uint)(w >> 32) != me || operation.IsNonCoherent))
                    ForeignRead(operation, warp, allocation, writes, i, 1, (grain + (ulong)(i - at)) << shift, lane, offset);
                uint r = reads[i], block = r & GlobalShadow.BlockMask;
                reads[i] = (block == 0 || block == reader ? reader : GlobalShadow.Several) | (r & ~GlobalShadow.BlockMask) | kind;
            }
            grain += (ulong)count;
        }
    }

    private static void ForeignRead(
        MemoryOperation operation, Warp warp, Allocation allocation, ulong* writes, int index, int count, ulong offset, int lane, ulong runOffset)
    {
        uint me = (uint)warp.Block.Number + 1;
        for (int i = 0; i < count; i++)
        {
            ulong w = writes[index + i];
            if (w == 0) continue;
            uint writer = (uint)(w >> 32);
            ulong at = offset + ((ulong)i * (ulong)warp.Launch.GlobalGrain), address = allocation.Address + at;
            int first = Math.Clamp(lane + (int)(((long)at - (long)runOffset) / operation.Width), 0, 31);
            if (operation.IsNonCoherent)
            {
                warp.Report(FindingKind.NonCoherentLoad, operation.Source, 1u << first, string.Create(CultureInfo.InvariantCulture,
                    $"non-coherent load of 0x{address:X}, written by block {Name(warp, writer)} in the same launch"), address);
                return;
            }
            if (writer == me || IsOrdered(operation, warp, w)) continue;
            ReportRace(operation, warp, first, address, Hazard("read-after-write", address, $"written by block {Name(warp, writer)}"), writer - 1);
            return;
        }
    }

    private static void Write(
        MemoryOperation operation, Warp warp, byte* registers, Allocation allocation, GlobalShadow shadow, ulong offset, int length, int lane,
            AccessPattern pattern)
    {
        uint me = (uint)warp.Block.Number + 1;
        ulong record =
            ((ulong)me << 32) | (warp.Block.Time.Now << StampShift) | (operation.Strength != AccessStrength.Weak ? StrongFlag : 0) | (uint)warp.Index;
        int shift = BitOperations.Log2((uint)shadow.Grain);
        ulong grain = offset >> shift, end = (offset + (ulong)length + (ulong)shadow.Grain - 1) >> shift;
        while (grain < end)
        {
            int at = (int)(grain % GlobalShadow.PageGrains), count = (int)Math.Min(end - grain, (ulong)(GlobalShadow.PageGrains - at));
            ulong* writes = shadow.Get((int)(grain / GlobalShadow.PageGrains), warp.Launch.Id);
            uint* reads = GlobalShadow.ReadsOf(writes);
            for (int i = at; i < at + count; i++)
            {
                ulong w = writes[i];
                uint r = reads[i];
                if ((w != 0 && (uint)(w >> 32) != me) || (r != 0 && ((r ^ me) & (GlobalShadow.BlockMask | GlobalShadow.NonCoherent)) != 0))
                    ForeignWrite(operation, warp, registers, allocation, w, r, (grain + (ulong)(i - at)) << shift, lane, offset, pattern);
                writes[i] = record;
            }
            grain += (ulong)count;
        }
    }

    private static void ForeignWrite(
        MemoryOperation operation, Warp warp, byte* registers, Allocation allocation, ulong w, uint r, ulong offset, int lane, ulong runOffset,
            AccessPattern pattern)
    {
        uint me = (uint)warp.Block.Number + 1, writer = (uint)(w >> 32);
        ulong address = allocation.Address + offset;
        int first = Math.Clamp(lane + (int)(((long)offset - (long)runOffset) / operation.Width), 0, 31);
        if (w != 0 && writer != me && !IsOrdered(operation, warp, w))
        {
            // Several blocks that write the same value set the same flag.
            bool isSame = operation.Strength == AccessStrength.Weak
                && operation.IsSame(warp, registers, first, allocation.Bytes + offset - (offset % (ulong)operation.Width));
            if (!isSame)
            {
                ReportRace(operation, warp, first, address, Hazard("write-after-write", address, $"written by block {Name(warp, writer)}"), writer - 1);
                return;
            }
        }
        uint block = r & GlobalShadow.BlockMask;
        string reader = block == GlobalShadow.Several ? "several blocks" : $"block {Name(warp, block)}";
        if ((r & GlobalShadow.NonCoherent) != 0)
        {
            warp.Report(FindingKind.NonCoherentLoad, operation.Source, 1u << first, string.Create(CultureInfo.InvariantCulture,
                $"write to 0x{address:X}, read by {reader} with a non-coherent load in the same launch"), address);
            return;
        }
        // Concurrent strong accesses are legal: flags and counters work like that.
        if (r == 0 || block == (me & GlobalShadow.BlockMask) || (operation.Strength != AccessStrength.Weak && (r & GlobalShadow.Weak) == 0)) return;
        ulong? other = block == GlobalShadow.Several ? null : block - 1;
        if (!warp.Block.Order.KnowsAny(warp.Index, other))
            ReportRace(operation, warp, first, address, Hazard("write-after-read", address, $"read by {reader}"), other);
    }

    private static bool IsOrdered(MemoryOperation operation, Warp warp, ulong write)
    {
        if (operation.Strength != AccessStrength.Weak && ((uint)write & StrongFlag) != 0) return true;
        return warp.Block.Order.Knows(warp.Index, (uint)(write >> 32) - 1, (int)((uint)write & WarpMask), (uint)write >> StampShift);
    }

    private static void ReportRace(MemoryOperation operation, Warp warp, int lane, ulong address, string text, ulong? other)
    {
        // A kernel that uses flags intends to synchronise; then the fence is missing.
        bool isFence = warp.Launch.Image.HasGlobalFlags;
        string why = isFence
            ? warp.Block.Order.KnowsAny(warp.Index, other) ? "; the fences since then do not cover that access" : "; a fence is missing on one of the two sides"
            : "; blocks of one launch are not ordered";
        warp.Report(isFence ? FindingKind.MissingFence : FindingKind.GlobalRace, operation.Source, 1u << lane, text + why, address);
    }

    private static string Hazard(string order, ulong address, string access) =>
        string.Create(CultureInfo.InvariantCulture, $"{order} hazard in global memory at 0x{address:X}, {access} in the same launch");

    private static string Name(Warp warp, uint block) => warp.Launch.GridSize.At(block - 1).ToString();
}
