using System.Globalization;
using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>Hazards on a grain of shared memory that was accessed since the last barrier.</summary>
internal static unsafe class SharedRaces
{
    /// <summary>A read of an address that was written since the last barrier, or never.</summary>
    public static void Read(in SharedRequest request, uint w, int grain, int lane)
    {
        lane &= 31;
        ulong address = (ulong)grain << request.Shift;
        Warp warp = request.Warp;
        if (w == 0)
        {
            warp.Report(FindingKind.UninitializedShared, request.Operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
                $"uninitialized shared memory read at 0x{address:X}"), address);
            return;
        }
        if (IsInFlight(request, w, lane, address, "reads")) return;
        int writer = (int)(w & SharedShadow.ThreadMask);
        if (FirstUnordered(request, w, grain, lane) is var guilty && guilty < 0) return;
        Report(request, guilty, address, $"read-after-write hazard in shared memory at 0x{address:X}, written by thread {Name(warp, writer)}", writer);
    }

    /// <summary>A write to an address that was written since the last barrier.</summary>
    public static void WriteOverWrite(in SharedRequest request, uint w, int grain, int lane)
    {
        lane &= 31;
        ulong address = (ulong)grain << request.Shift;
        Warp warp = request.Warp;
        MemoryOperation operation = request.Operation;
        if (IsInFlight(request, w, lane, address, "writes")) return;
        int writer = (int)(w & SharedShadow.ThreadMask);
        if (FirstUnordered(request, w, grain, lane) is var guilty && guilty < 0) return;
        ulong start = address & ~(ulong)(operation.Width - 1);
        if (operation.Strength == AccessStrength.Weak && operation.IsSame(warp, request.Registers, guilty, warp.Block.Shared + start)) return;
        Report(request, guilty, address, $"write-after-write hazard in shared memory at 0x{address:X}, written by thread {Name(warp, writer)}", writer);
    }

    /// <summary>A write to an address that was read since the last barrier.</summary>
    public static void WriteOverRead(in SharedRequest request, SharedShadow shadow, ulong r, int grain, int lane)
    {
        Warp warp = request.Warp;
        ulong address = (ulong)grain << request.Shift;
        for (uint lanes = request.LanesOf(grain, lane & 31); lanes != 0; lanes &= lanes - 1)
        {
            int own = BitOperations.TrailingZeroCount(lanes), observer = warp.FirstThread + own;
            int reader = shadow.Readers is null ? UnorderedReader(warp.Block.Time, r, observer) : UnorderedReader(warp.Block.Time, shadow, r, grain, observer);
            if (reader < 0 || IsStrongMeeting(request.Operation, (uint)r, reader, observer)) continue;
            Report(request, own, address, $"write-after-read hazard in shared memory at 0x{address:X}, read by thread {Name(warp, reader)}", reader);
            return;
        }
    }

    /// <summary>The latest reader, for kernels with whole-block and whole-warp barriers only; -1 if every read is ordered before.</summary>
    private static int UnorderedReader(BlockClock time, ulong r, int observer)
    {
        uint low = (uint)r, stamp = low >> SharedShadow.StampShift;
        int reader = (int)(low & SharedShadow.ThreadMask), own = observer >> 5;
        uint others = (uint)(r >> 32) & ~(1u << own);
        // Reads of other warps, which only a whole-block barrier orders.
        if (others != 0) return others >> (reader >> 5) << (reader >> 5) == others
            && reader >> 5 != own ? reader : BitOperations.TrailingZeroCount(others) * 32;
        if ((low & SharedShadow.SeveralLanes) == 0) return time.IsPast(reader, stamp, observer) ? -1 : reader;
        if (time.IsWarpPast(own, stamp, observer)) return -1;
        return reader == observer ? reader ^ 1 : reader;
    }

    /// <summary>The latest reader, where the readers of each warp are recorded with the time of the latest.</summary>
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

    /// <summary>The first lane accessing the grain for which the recorded write is not ordered before; -1 if there is none.</summary>
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

    private static bool IsInFlight(in SharedRequest request, uint w, int lane, ulong address, string verb)
    {
        if ((w & SharedShadow.NeverPast) != SharedShadow.NeverPast) return false;
        request.Warp.Report(FindingKind.MissingAsyncCopyWait, request.Operation.Source, 1u << lane, string.Create(CultureInfo.InvariantCulture,
            $"{verb} shared memory at 0x{address:X}, where thread {Name(request.Warp, (int)(w & SharedShadow.ThreadMask))} has a cp.async in flight; "
                + $"cp.async.wait_group is missing"), address);
        return true;
    }

    /// <summary>Strong accesses of different warps may be concurrent; within a warp only atomics may.</summary>
    private static bool IsStrongPair(MemoryOperation operation, uint w, int writer, int observer) =>
        (w & SharedShadow.Strong) != 0
        && (operation.Strength == AccessStrength.Atomic || (operation.Strength == AccessStrength.Strong && writer >> 5 != observer >> 5));

    /// <summary>The same for a write after a read.</summary>
    private static bool IsStrongMeeting(MemoryOperation operation, uint read, int reader, int observer) =>
        (read & SharedShadow.WeakRead) == 0
        && (operation.Strength == AccessStrength.Atomic || (operation.Strength == AccessStrength.Strong && reader >> 5 != observer >> 5));

    private static void Report(in SharedRequest request, int lane, ulong address, string text, int other)
    {
        bool isWarp = other >> 5 == request.Warp.Index;
        request.Warp.Report(isWarp ? FindingKind.MissingWarpSync : FindingKind.SharedRace, request.Operation.Source, 1u << lane,
            text + (isWarp ? ", without __syncwarp between the accesses" : ", without a barrier between the accesses"), address);
    }

    private static string Name(Warp warp, int thread) => warp.Launch.BlockSize.At((ulong)thread).ToString();
}
