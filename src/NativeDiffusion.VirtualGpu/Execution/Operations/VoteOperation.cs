using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>vote.sync over the members of each lane's mask.</summary>
internal sealed unsafe class VoteOperation(VoteMode mode, int d, int p, bool isNegated, int members) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint* masks = (uint*)(registers + members);
        _ = MemberMask.Common(warp, Source, masks, mask);
        uint holds = *(uint*)(registers + p) ^ (isNegated ? uint.MaxValue : 0), result = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint all = masks[lane] & mask, yes = holds & all;
            if (mode == VoteMode.Ballot)
            {
                ((uint*)(registers + d))[lane] = yes;
                continue;
            }
            bool value = mode switch { VoteMode.All => yes == all, VoteMode.Any => yes != 0, _ => yes == all || yes == 0 };
            if (value) result |= 1u << lane;
        }
        if (mode == VoteMode.Ballot) return;
        uint* place = (uint*)(registers + d);
        *place = (*place & ~mask) | result;
    }
}
