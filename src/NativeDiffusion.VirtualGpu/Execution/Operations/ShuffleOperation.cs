using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>shfl.sync: another lane's value; out of the segment it is the lane's own, and the predicate is false.</summary>
internal sealed unsafe class ShuffleOperation(ShuffleMode mode, int d, int p, int a, int b, int c, int members) : LaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint common = MemberMask.Common(warp, Source, (uint*)(registers + members), mask);
        uint* values = (uint*)(registers + a), offsets = (uint*)(registers + b), segments = (uint*)(registers + c), results = (uint*)(registers + d);
        uint inside = 0, missing = 0;
        uint* taken = stackalloc uint[32];
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            int offset = (int)(offsets[lane] & 31), clamp = (int)(segments[lane] & 31), segment = (int)(segments[lane] >> 8 & 31);
            int lowest = lane & segment, highest = lowest | (clamp & ~segment);
            int from = mode switch
            {
                ShuffleMode.Up => lane - offset,
                ShuffleMode.Down => lane + offset,
                ShuffleMode.Butterfly => lane ^ offset,
                _ => lowest | (offset & ~segment),
            };
            bool isInside = mode == ShuffleMode.Up ? from >= highest : from <= highest;
            if (!isInside) from = lane;
            else inside |= 1u << lane;
            if ((mask >> from & 1) == 0 || (common != 0 && (common >> from & 1) == 0)) missing |= 1u << lane;
            taken[lane] = values[from];
        }
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            results[lane] = (missing >> lane & 1) != 0 ? 0xDEAD_DEAD : taken[lane];
        }
        if (p >= 0)
        {
            uint* place = (uint*)(registers + p);
            *place = (*place & ~mask) | inside;
        }
        if (missing != 0) ReportMissing(warp, missing, mask);
    }

    private void ReportMissing(Warp warp, uint missing, uint mask) =>
        warp.Report(FindingKind.InactiveLane, Source, missing, string.Create(CultureInfo.InvariantCulture,
        $"shuffle from an inactive lane (active lanes: 0x{mask:X8})"));
}
