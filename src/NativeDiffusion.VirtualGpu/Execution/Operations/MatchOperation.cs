using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>match.sync: the lanes with the same value (any), or all members if all have the same (all).</summary>
internal sealed unsafe class MatchOperation(bool isAll, bool is64, int d, int p, int a, int members) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint* masks = (uint*)(registers + members);
        _ = MemberMask.Common(warp, Source, masks, mask);
        uint* results = stackalloc uint[32];
        uint same = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint group = masks[lane] & mask, equal = 0;
            for (uint others = group; others != 0; others &= others - 1)
            {
                int other = BitOperations.TrailingZeroCount(others);
                if (Value(registers, other) == Value(registers, lane)) equal |= 1u << other;
            }
            bool isWhole = equal == group;
            if (isWhole) same |= 1u << lane;
            results[lane] = !isAll ? equal : isWhole ? group : 0;
        }
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ((uint*)(registers + d))[lane] = results[lane];
        }
        if (p < 0) return;
        uint* place = (uint*)(registers + p);
        *place = (*place & ~mask) | same;
    }

    private ulong Value(byte* registers, int lane) => is64 ? ((ulong*)(registers + a))[lane] : ((uint*)(registers + a))[lane];
}
