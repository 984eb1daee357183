using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>activemask: the lanes that happen to be together here, which is not a promise.</summary>
internal sealed unsafe class ActiveMaskOperation(int d) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (uint rest = mask; rest != 0; rest &= rest - 1) ((uint*)(registers + d))[BitOperations.TrailingZeroCount(rest)] = mask;
    }
}
