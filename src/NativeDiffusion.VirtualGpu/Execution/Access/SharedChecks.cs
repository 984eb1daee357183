using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Races, unwritten bytes and copies under way in shared memory, grain by grain; whole vectors where a barrier lies in between.</summary>
internal static unsafe class SharedChecks
{
    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong first, AccessPattern pattern)
    {
        SharedShadow shadow = warp.Block.Shadow!;
        int shift = BitOperations.Log2((uint)shadow.Grain), perLane = operation.Width >> shift;
        bool isOverlapping = pattern.DistinctBytes != (long)BitOperations.PopCount(mask) * operation.Width;
        if (isOverlapping && operation.IsStore && operation.Strength != AccessStrength.Atomic) CheckConflicts(operation, warp, registers, mask, first, pattern);
        foreach ((long start, int length, int lane) in pattern.Runs)
        {
            int grain = (int)(((long)first + start) >> shift), count = length >> shift;
            // Atomics read and write at once; their order among each other does not matter.
            if (operation.IsStore) Write(operation, warp, registers, shadow, grain, count, lane, perLane, shift);
            else Read(operation, warp, shadow, grain, count, lane, perLane, shift, isOverlapping);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(MemoryOperation operation, Warp warp, SharedShadow shadow, int grain, int count, int lane, int perLane, int shift, bool isOverlapping)
    {
        BlockClock time = warp.Block.Time;
        uint past = time.Barrier << SharedShadow.StampShift, now = time.Now << SharedShadow.StampShift;
        uint several = isOverlapping ? SharedShadow.SeveralLanes : 0;
        ulong warpBit = 1UL << (32 + warp.Index);
        uint* writes = shadow.Writes + grain;
        ulong* reads = shadow.Reads + grain;
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            var w = Vector512.Load(writes + i);
            // Written, and before the last barrier: never written would wrap around to the largest.
            if (Vector512.LessThanAll(w - Vector512<uint>.One, Vector512.Create(past == 0 ? 0 : past - 1))) continue;
            for (int k = i; k < i + 16; k++) ReadGrain(operation, warp, writes[k], grain + k, lane + (k / perLane), shift);
        }
        for (; i < count; i++)
        {
            uint w = writes[i];
            if (w == 0 || w >= past) ReadGrain(operation, warp, w, grain + i, lane + (i / perLane), shift);
        }
        for (i = 0; i < count; i++)
        {
            ulong old = reads[i];
            uint thread = (uint)(warp.FirstThread + ((lane + (i / perLane)) & 31));
            if ((uint)old < past || old == 0)
            {
                reads[i] = warpBit | now | several | thread;
                continue;
            }
            bool isSame = ((uint)old & SharedShadow.ThreadMask) == thread;
            reads[i] = (old & 0xFFFF_FFFF_0000_0000) | warpBit | now | several | (isSame ? (uint)old & SharedShadow.SeveralLanes : SharedShadow.SeveralLanes) | thread;
        }
    }

    private static void ReadGrain(MemoryOperation operation, Warp warp, uint w, int grain, int lane, int shift)
    {
        lane &= 31;
        ulong address = (ulong)grain << shift;
        if (w == 0)
        {
            warp.Report(FindingKind.UninitializedShared, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                $"reads shared memory at 0x{address:X}, which nobody wrote"), address);
            return;
        }
        if (IsUnderWay(operation, warp, w, lane, address, "reads")) return;
        int writer = (int)(w & SharedShadow.ThreadMask), observer = warp.FirstThread + lane;
        if (warp.Block.Time.IsPast(writer, w >> SharedShadow.StampShift, observer) || IsStrongPair(operation, w, writer, observer)) return;
        Report(operation, warp, lane, address, $"reads shared memory at 0x{address:X}, which thread {Name(warp, writer)} wrote", writer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(MemoryOperation operation, Warp warp, byte* registers, SharedShadow shadow, int grain, int count, int lane, int perLane, int shift)
    {
        BlockClock time = warp.Block.Time;
        uint past = time.Barrier << SharedShadow.StampShift;
        uint record = (time.Now << SharedShadow.StampShift) | (operation.Strength != AccessStrength.Weak ? SharedShadow.Strong : 0);
        uint* writes = shadow.Writes + grain;
        ulong* reads = shadow.Reads + grain;
        for (int i = 0; i < count; i++)
        {
            uint w = writes[i], thread = (uint)(warp.FirstThread + ((lane + (i / perLane)) & 31));
            ulong r = reads[i];
            if (w >= past && w != 0) WriteOverWrite(operation, warp, registers, w, grain + i, lane + (i / perLane), shift);
            if (r != 0 && (uint)r >= past) WriteOverRead(operation, warp, r, grain + i, lane + (i / perLane), shift);
            if (operation.IsLoad && w == 0) ReadGrain(operation, warp, w, grain + i, lane + (i / perLane), shift);
            writes[i] = record | thread;
            reads[i] = 0;
        }
    }

    private static void WriteOverWrite(MemoryOperation operation, Warp warp, byte* registers, uint w, int grain, int lane, int shift)
    {
        lane &= 31;
        ulong address = (ulong)grain << shift;
        if (IsUnderWay(operation, warp, w, lane, address, "writes")) return;
        int writer = (int)(w & SharedShadow.ThreadMask), observer = warp.FirstThread + lane;
        if (warp.Block.Time.IsPast(writer, w >> SharedShadow.StampShift, observer) || IsStrongPair(operation, w, writer, observer)) return;
        ulong start = address & ~(ulong)(operation.Width - 1);
        if (operation.Strength == AccessStrength.Weak && operation.IsSame(warp, registers, lane, warp.Block.Shared + start)) return;
        Report(operation, warp, lane, address, $"writes shared memory at 0x{address:X}, which thread {Name(warp, writer)} wrote", writer);
    }

    private static void WriteOverRead(MemoryOperation operation, Warp warp, ulong r, int grain, int lane, int shift)
    {
        lane &= 31;
        ulong address = (ulong)grain << shift;
        BlockClock time = warp.Block.Time;
        uint low = (uint)r, stamp = low >> SharedShadow.StampShift, warps = (uint)(r >> 32);
        int reader = (int)(low & SharedShadow.ThreadMask), observer = warp.FirstThread + lane;
        for (uint rest = warps; rest != 0; rest &= rest - 1)
        {
            int other = BitOperations.TrailingZeroCount(rest);
            bool isLatest = other == reader >> 5, isOne = isLatest && (low & SharedShadow.SeveralLanes) == 0;
            if (isOne ? time.IsPast(reader, stamp, observer) : time.IsWarpPast(other, stamp, observer)) continue;
            // Of the others only the latest reader's time is known.
            if (!isLatest && other != warp.Index && time.HasMet(other, observer)) continue;
            int who = isOne || other == reader >> 5 ? reader : other * 32;
            if (who == observer && other == warp.Index) who ^= 1;
            Report(operation, warp, lane, address, $"writes shared memory at 0x{address:X}, which {(isOne ? $"thread {Name(warp, who)}" : $"threads of warp {other}")} read", who);
            return;
        }
    }

    private static bool IsUnderWay(MemoryOperation operation, Warp warp, uint w, int lane, ulong address, string verb)
    {
        if ((w & SharedShadow.NeverPast) != SharedShadow.NeverPast) return false;
        warp.Report(FindingKind.UnwaitedCopy, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
            $"{verb} shared memory at 0x{address:X}, where thread {Name(warp, (int)(w & SharedShadow.ThreadMask))} has a cp.async under way that it has not waited for"), address);
        return true;
    }

    /// <summary>Strong accesses of different warps are meant to meet; within a warp only atomics are.</summary>
    private static bool IsStrongPair(MemoryOperation operation, uint w, int writer, int observer) =>
        (w & SharedShadow.Strong) != 0
        && (operation.Strength == AccessStrength.Atomic || (operation.Strength == AccessStrength.Strong && writer >> 5 != observer >> 5));

    private static void CheckConflicts(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong first, AccessPattern pattern)
    {
        byte* values = stackalloc byte[32 * 16];
        if (operation.Width > 16) return;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            operation.MoveLane(warp, registers, lane, values + (16 * lane), true);
            for (uint before = mask & ((1u << lane) - 1); before != 0; before &= before - 1)
            {
                int other = BitOperations.TrailingZeroCount(before);
                if (pattern.Deltas[other] != pattern.Deltas[lane]) continue;
                if (new ReadOnlySpan<byte>(values + (16 * lane), operation.Width).SequenceEqual(new ReadOnlySpan<byte>(values + (16 * other), operation.Width))) continue;
                ulong address = first + pattern.Deltas[lane];
                warp.Report(FindingKind.ConflictingStores, operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                    $"writes shared memory at 0x{address:X}, where lane {other} writes another value in the same instruction"), address);
                return;
            }
        }
    }

    private static void Report(MemoryOperation operation, Warp warp, int lane, ulong address, string text, int other)
    {
        bool isWarp = other >> 5 == warp.Index;
        warp.Report(isWarp ? FindingKind.MissingWarpSync : FindingKind.SharedRace, operation.Source, 1u << lane,
            text + (isWarp ? " and no __syncwarp in between orders them" : " and no barrier in between orders them"), address);
    }

    private static string Name(Warp warp, int thread) => warp.Launch.BlockSize.At((ulong)thread).ToString();
}
