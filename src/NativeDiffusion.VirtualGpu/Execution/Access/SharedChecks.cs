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
        int shift = BitOperations.Log2((uint)shadow.Grain);
        var request = new SharedRequest(operation, warp, registers, mask, first, pattern, shift);
        if (request.IsOverlapping && operation.IsStore) StoreConflicts.Check(operation, warp, registers, mask, first, pattern);
        foreach ((long start, int length, int lane) in pattern.Runs)
        {
            int grain = (int)(((long)first + start) >> shift), count = length >> shift;
            // Atomics read and write at once; their order among each other does not matter.
            if (operation.IsStore) Write(request, shadow, grain, count, lane);
            else Read(request, shadow, grain, count, lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(in SharedRequest request, SharedShadow shadow, int grain, int count, int lane)
    {
        Warp warp = request.Warp;
        BlockClock time = warp.Block.Time;
        int perLane = request.PerLane;
        uint past = time.Barrier << SharedShadow.StampShift, now = Stamp(request);
        uint* writes = shadow.Writes + grain;
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            var w = Vector512.Load(writes + i);
            // Written, and before the last barrier: never written would wrap around to the largest.
            if (Vector512.LessThanAll(w - Vector512<uint>.One, Vector512.Create(past == 0 ? 0 : past - 1))) continue;
            for (int k = i; k < i + 16; k++) SharedRaces.Read(request, writes[k], grain + k, lane + (k / perLane));
        }
        for (; i < count; i++)
        {
            uint w = writes[i];
            if (w == 0 || w >= past) SharedRaces.Read(request, w, grain + i, lane + (i / perLane));
        }
        if (shadow.Readers is not null) NoteReaders(request, shadow, grain, count, lane);
        uint several = request.IsOverlapping ? SharedShadow.SeveralLanes : 0, synced = time.LastSync(warp.Index) << SharedShadow.StampShift;
        ulong warpBit = 1UL << (32 + warp.Index);
        ulong* reads = shadow.Reads + grain;
        for (i = 0; i < count; i++)
        {
            ulong old = reads[i];
            uint low = (uint)old, thread = (uint)(warp.FirstThread + ((lane + (i / perLane)) & 31));
            if (low < past || old == 0)
            {
                reads[i] = warpBit | now | several | thread;
                continue;
            }
            // Reads of other lanes of the warp count as long as it has not synced since.
            bool isOpen = (low & SharedShadow.ThreadMask) >> 5 == (uint)warp.Index && low >= synced;
            uint weak = low & SharedShadow.WeakRead;
            uint others = !isOpen ? 0 : (low & SharedShadow.ThreadMask) == thread ? low & SharedShadow.SeveralLanes : SharedShadow.SeveralLanes;
            reads[i] = (old & 0xFFFF_FFFF_0000_0000) | warpBit | now | weak | several | others | thread;
        }
    }

    /// <summary>Where barriers may gather a part of the block only, each warp's readers are remembered apart.</summary>
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
            uint lanes = request.LanesOf(i, (lane + ((i - grain) / request.PerLane)) & 31);
            entry = ((isOpen ? entry >> 32 : 0) | lanes) << 32 | now | (isOpen ? (uint)entry & SharedShadow.WeakRead : 0);
        }
    }

    private static uint Stamp(in SharedRequest request) =>
        (request.Warp.Block.Time.Now << SharedShadow.StampShift) | (request.Operation.Strength == AccessStrength.Weak ? SharedShadow.WeakRead : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(in SharedRequest request, SharedShadow shadow, int grain, int count, int lane)
    {
        Warp warp = request.Warp;
        MemoryOperation operation = request.Operation;
        BlockClock time = warp.Block.Time;
        int perLane = request.PerLane;
        uint past = time.Barrier << SharedShadow.StampShift;
        uint record = (time.Now << SharedShadow.StampShift) | (operation.Strength != AccessStrength.Weak ? SharedShadow.Strong : 0);
        uint* writes = shadow.Writes + grain;
        ulong* reads = shadow.Reads + grain;
        for (int i = 0; i < count; i++)
        {
            uint w = writes[i], thread = (uint)(warp.FirstThread + ((lane + (i / perLane)) & 31));
            ulong r = reads[i];
            if (w >= past && w != 0) SharedRaces.WriteOverWrite(request, w, grain + i, lane + (i / perLane));
            if (r != 0 && (uint)r >= past) SharedRaces.WriteOverRead(request, shadow, r, grain + i, lane + (i / perLane));
            if (operation.IsLoad && w == 0) SharedRaces.Read(request, w, grain + i, lane + (i / perLane));
            writes[i] = record | thread;
            reads[i] = 0;
        }
    }
}
