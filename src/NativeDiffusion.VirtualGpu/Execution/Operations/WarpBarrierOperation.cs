using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>bar.warp.sync: accesses of its lanes before it are visible to all of them after it. Members that have exited count as arrived.</summary>
internal sealed unsafe class WarpBarrierOperation(int members) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint* masks = (uint*)(registers + members);
        uint common = MemberMask.Common(warp, Source, masks, mask);
        if (common != 0)
        {
            warp.Block.Time.MeetLanes(warp.Index, common & warp.Existing, warp.Existing);
            return;
        }
        for (uint rest = mask; rest != 0;)
        {
            uint group = masks[BitOperations.TrailingZeroCount(rest)];
            warp.Block.Time.MeetLanes(warp.Index, group & warp.Existing, warp.Existing);
            rest &= ~(group | (rest & (0 - rest)));
        }
    }
}
