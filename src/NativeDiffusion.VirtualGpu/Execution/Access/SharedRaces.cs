using System.Globalization;
using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>A grain of shared memory that was touched since the last barrier: by whom, and whether that is a crime.</summary>
internal static unsafe class SharedRaces
{
    /// <summary>A read of what was written, or of what never was.</summary>
    public static void Read(in SharedRequest request, uint w, int grain, int lane)
    {
        lane &= 31;
        ulong address = (ulong)grain << request.Shift;
        Warp warp = request.Warp;
        if (w == 0)
        {
            warp.Report(FindingKind.UninitializedShared, request.Operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                $"reads shared memory at 0x{address:X}, which nobody wrote"), address);
            return;
        }
        if (IsUnderWay(request, w, lane, address, "reads")) return;
        int writer = (int)(w & SharedShadow.ThreadMask);
        if (FirstUnordered(request, w, grain, lane) is var guilty && guilty < 0) return;
        Report(request, guilty, address, $"reads shared memory at 0x{address:X}, which thread {Name(warp, writer)} wrote", writer);
    }

    /// <summary>A write of what was written since the last barrier.</summary>
    public static void WriteOverWrite(in SharedRequest request, uint w, int grain, int lane)
    {
        lane &= 31;
        ulong address = (ulong)grain << request.Shift;
        Warp warp = request.Warp;
        MemoryOperation operation = request.Operation;
        if (IsUnderWay(request, w, lane, address, "writes")) return;
        int writer = (int)(w & SharedShadow.ThreadMask);
        if (FirstUnordered(request, w, grain, lane) is var guilty && guilty < 0) return;
        ulong start = address & ~(ulong)(operation.Width - 1);
        if (operation.Strength == AccessStrength.Weak && operation.IsSame(warp, request.Registers, guilty, warp.Block.Shared + start)) return;
        Report(request, guilty, address, $"writes shared memory at 0x{address:X}, which thread {Name(warp, writer)} wrote", writer);
    }

    /// <summary>A write of what was read since the last barrier.</summary>
    public static void WriteOverRead(in SharedRequest request, SharedShadow shadow, ulong r, int grain, int lane)
    {
        Warp warp = request.Warp;
        ulong address = (ulong)grain << request.Shift;
        for (uint lanes = request.LanesOf(grain, lane & 31); lanes != 0; lanes &= lanes - 1)
        {
            int own = BitOperations.TrailingZeroCount(lanes), observer = warp.FirstThread + own;
            int reader = shadow.Readers is null ? UnorderedReader(warp.Block.Time, r, observer) : UnorderedReader(warp.Block.Time, shadow, r, grain, observer);
            if (reader < 0 || IsStrongMeeting(request.Operation, (uint)r, reader, observer)) continue;
            Report(request, own, address, $"writes shared memory at 0x{address:X}, which thread {Name(warp, reader)} read", reader);
            return;
        }
    }

    /// <summary>Where only barriers of all and of whole warps order, the latest reader speaks for all; -1 if every read is in the past.</summary>
    private static int UnorderedReader(BlockClock time, ulong r, int observer)
    {
        uint low = (uint)r, stamp = low >> SharedShadow.StampShift;
        int reader = (int)(low & SharedShadow.ThreadMask), own = observer >> 5;
        uint others = (uint)(r >> 32) & ~(1u << own);
        // Other warps, of which nothing but a barrier of all makes the past.
        if (others != 0) return others >> (reader >> 5) << (reader >> 5) == others
            && reader >> 5 != own ? reader : BitOperations.TrailingZeroCount(others) * 32;
        if ((low & SharedShadow.SeveralLanes) == 0) return time.IsPast(reader, stamp, observer) ? -1 : reader;
        if (time.IsWarpPast(own, stamp, observer)) return -1;
        return reader == observer ? reader ^ 1 : reader;
    }

    /// <summary>Each warp's readers are known, with the time of the latest.</summary>
    private static int UnorderedReader(BlockClock time, SharedShadow shadow, ulong r, int grain, int observer)
    {
        for (uint warps = (uint)(r >> 32); warps != 0; warps &= warps - 1)
        {
            int warp = BitOperations.TrailingZeroCount(warps);
            ulong entry = shadow.ReadersOf(grain, warp);
            uint stamp = (uint)entry >> SharedShadow.StampShift;
            if (time.IsWarpPast(warp, stamp, observer)) continue;
            for (uint lanes = (uint)(entry >> 32); lanes != 0; lanes &= lanes - 1)
            {
                int reader = (warp * 32) + BitOperations.TrailingZeroCount(lanes);
                if (!time.IsPast(reader, stamp, observer)) return reader;
            }
        }
        return -1;
    }

    /// <summary>The first lane of those that touch the grain for which its write is not in the past; -1 if there is none.</summary>
    private static int FirstUnordered(in SharedRequest request, uint w, int grain, int lane)
    {
        Warp warp = request.Warp;
        int writer = (int)(w & SharedShadow.ThreadMask);
        for (uint lanes = request.LanesOf(grain, lane); lanes != 0; lanes &= lanes - 1)
        {
            int own = BitOperations.TrailingZeroCount(lanes), observer = warp.FirstThread + own;
            if (!warp.Block.Time.IsPast(writer, w >> SharedShadow.StampShift, observer) && !IsStrongPair(request.Operation, w, writer, observer)) return own;
        }
        return -1;
    }

    private static bool IsUnderWay(in SharedRequest request, uint w, int lane, ulong address, string verb)
    {
        if ((w & SharedShadow.NeverPast) != SharedShadow.NeverPast) return false;
        request.Warp.Report(FindingKind.UnwaitedCopy, request.Operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
            $"{verb} shared memory at 0x{address:X}, where thread {Name(request.Warp, (int)(w & SharedShadow.ThreadMask))} has a cp.async under way that it "
                + $"has not waited for"), address);
        return true;
    }

    /// <summary>Strong accesses of different warps are meant to meet; within a warp only atomics are.</summary>
    private static bool IsStrongPair(MemoryOperation operation, uint w, int writer, int observer) =>
        (w & SharedShadow.Strong) != 0
        && (operation.Strength == AccessStrength.Atomic || (operation.Strength == AccessStrength.Strong && writer >> 5 != observer >> 5));

    /// <summary>The same for a write of what was read.</summary>
    private static bool IsStrongMeeting(MemoryOperation operation, uint read, int reader, int observer) =>
        (read & SharedShadow.WeakRead) == 0
        && (operation.Strength == AccessStrength.Atomic || (operation.Strength == AccessStrength.Strong && reader >> 5 != observer >> 5));

    private static void Report(in SharedRequest request, int lane, ulong address, string text, int other)
    {
        bool isWarp = other >> 5 == request.Warp.Index;
        request.Warp.Report(isWarp ? FindingKind.MissingWarpSync : FindingKind.SharedRace, request.Operation.Source, 1u << lane,
            text + (isWarp ? " and no __syncwarp in between orders them" : " and no barrier in between orders them"), address);
    }

    private static string Name(Warp warp, int thread) => warp.Launch.BlockSize.At((ulong)thread).ToString();
}
