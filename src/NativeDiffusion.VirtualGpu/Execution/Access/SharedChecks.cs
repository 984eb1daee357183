using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>racecheck and initcheck in shared memory, grain by grain; whole vectors where a barrier lies between the accesses.</summary>
internal static unsafe class SharedChecks
{
    public static void Run(MemoryOperation operation, Warp warp, byte* registers, uint mask, ulong first, AccessPattern pattern)
    {
        SharedShadow shadow = warp.Block.Shadow!;
        int shift = BitOperations.Log2((uint)shadow.Grain);
        var request = new SharedRequest(operation, warp, registers, mask, first, pattern, shift);
        if (request.IsOverlapping && operation.IsStore) StoreConflicts.Check(operation, warp, registers, mask, first, pattern);
        // Atomics read and write at once; their order among each other does not matter.
        if (operation.IsStore) Write(request, shadow, (long)first, pattern);
        else Read(request, shadow, (long)first, pattern);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(in SharedRequest request, SharedShadow shadow, long first, AccessPattern pattern)
    {
        Warp warp = request.Warp;
        BlockClock time = warp.Block.Time;
        int shift = request.Shift, laneShift = request.LaneShift;
        // No stamp is zero: a zero record is a grain that was never accessed.
        uint past = Math.Max(time.Barrier << SharedShadow.StampShift, 1), own = (uint)warp.Index, firstThread = (uint)warp.FirstThread;
        uint several = request.IsOverlapping ? SharedShadow.SeveralLanes : 0, synced = time.LastSync(warp.Index) << SharedShadow.StampShift;
        ulong mark = (1UL << (32 + warp.Index)) | Stamp(request) | several;
        foreach ((long start, int length, int lane) in pattern.Runs)
        {
            int grain = (int)((first + start) >> shift), count = length >> shift, i = 0;
            uint* writes = shadow.Writes + grain;
            ulong* reads = shadow.Reads + grain;
            for (; i + 16 <= count; i += 16)
            {
                var w = Vector512.Load(writes + i);
                // Written, and before the last barrier: never written would wrap around to the largest.
                if (Vector512.LessThanAll(w - Vector512<uint>.One, Vector512.Create(past - 1))) continue;
                for (int k = i; k < i + 16; k++) SharedRaces.Read(request, writes[k], grain + k, lane + (k >> laneShift));
            }
            for (; i < count; i++)
                if (writes[i] - 1 >= past - 1) SharedRaces.Read(request, writes[i], grain + i, lane + (i >> laneShift));
            if (shadow.Readers is not null) NoteReaders(request, shadow, grain, count, lane);
            for (i = 0; i < count; i++)
            {
                ulong old = reads[i];
                uint low = (uint)old, thread = firstThread + (uint)((lane + (i >> laneShift)) & 31);
                if (low < past)
                {
                    reads[i] = mark | thread;
                    continue;
                }
                // Reads of other lanes of the warp count as long as it has not synchronised since.
                bool isOpen = (low & SharedShadow.ThreadMask) >> 5 == own && low >= synced;
                uint weak = low & SharedShadow.WeakRead;
                uint others = !isOpen ? 0 : (low & SharedShadow.ThreadMask) == thread ? low & SharedShadow.SeveralLanes : SharedShadow.SeveralLanes;
                reads[i] = (old & 0xFFFF_FFFF_0000_0000) | mark | weak | others | thread;
            }
        }
    }

    /// <summary>Where barriers may include a part of the block only, each warp's readers are recorded separately.</summary>
    private static void NoteReaders(in SharedRequest request, SharedShadow shadow, int grain, int count, int lane)
    {
        Warp warp = request.Warp;
        BlockClock time = warp.Block.Time;
        uint past = time.Barrier << SharedShadow.StampShift, now = Stamp(request), synced = time.LastSync(warp.Index) << SharedShadow.StampShift;
        for (int i = grain; i < grain + count; i++)
        {
            ulong old = shadow.Reads[i];
            ref ulong entry = ref shadow.ReadersOf(i, warp.Index);
            bool isOpen = (uint)old >= past && (old >> (32 + warp.Index) & 1) != 0 && (uint)entry >= synced;
            uint lanes = request.LanesOf(i, (lane + ((i - grain) >> request.LaneShift)) & 31);
            entry = ((isOpen ? entry >> 32 : 0) | lanes) << 32 | now | (isOpen ? (uint)entry & SharedShadow.WeakRead : 0);
        }
    }

    private static uint Stamp(in SharedRequest request) =>
        (request.Warp.Block.Time.Now << SharedShadow.StampShift) | (request.Operation.Strength == AccessStrength.Weak ? SharedShadow.WeakRead : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(in SharedRequest request, SharedShadow shadow, long first, AccessPattern pattern)
    {
        Warp warp = request.Warp;
        MemoryOperation operation = request.Operation;
        BlockClock time = warp.Block.Time;
        int shift = request.Shift, laneShift = request.LaneShift;
        uint past = Math.Max(time.Barrier << SharedShadow.StampShift, 1), firstThread = (uint)warp.FirstThread;
        uint record = (time.Now << SharedShadow.StampShift) | (operation.Strength != AccessStrength.Weak ? SharedShadow.Strong : 0);
        bool isLoad = operation.IsLoad;
        var lanes = Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);
        foreach ((long start, int length, int lane) in pattern.Runs)
        {
            int grain = (int)((first + start) >> shift), count = length >> shift, i = 0;
            uint* writes = shadow.Writes + grain;
            ulong* reads = shadow.Reads + grain;
            // Eight grains without an access since the last barrier.
            for (; i + 8 <= count && !isLoad; i += 8)
            {
                if (!Vector256.LessThanAll(Vector256.Load(writes + i), Vector256.Create(past))) break;
                if (!Vector512.LessThanAll(Vector512.Load(reads + i) & Vector512.Create(0xFFFF_FFFFUL), Vector512.Create((ulong)past))) break;
                Vector256<uint> threads = Vector256.Create(firstThread + (uint)lane) + ((Vector256.Create((uint)i) + lanes) >> laneShift);
                (threads | Vector256.Create(record)).Store(writes + i);
                Vector512<ulong>.Zero.Store(reads + i);
            }
            for (; i < count; i++)
            {
                uint w = writes[i], thread = firstThread + (uint)((lane + (i >> laneShift)) & 31);
                ulong r = reads[i];
                if (w >= past) SharedRaces.WriteOverWrite(request, w, grain + i, lane + (i >> laneShift));
                if ((uint)r >= past) SharedRaces.WriteOverRead(request, shadow, r, grain + i, lane + (i >> laneShift));
                if (isLoad && w == 0) SharedRaces.Read(request, w, grain + i, lane + (i >> laneShift));
                writes[i] = record | thread;
                reads[i] = 0;
            }
        }
    }
}
