using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>elect.sync: elects one of the members, here the lowest.</summary>
internal sealed unsafe class ElectOperation(int d, int p, int members) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint* masks = (uint*)(registers + members);
        _ = MemberMask.Common(warp, Source, masks, mask);
        uint elected = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest), leader = BitOperations.TrailingZeroCount(masks[lane] & mask);
            ((uint*)(registers + d))[lane] = (uint)leader;
            if (leader == lane) elected |= 1u << lane;
        }
        uint* place = (uint*)(registers + p);
        *place = (*place & ~mask) | elected;
    }
}
