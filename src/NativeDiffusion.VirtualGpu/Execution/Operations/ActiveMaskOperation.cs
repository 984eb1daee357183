using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>activemask: the currently converged lanes, which PTX does not guarantee.</summary>
internal sealed unsafe class ActiveMaskOperation(int d) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (uint rest = mask; rest != 0; rest &= rest - 1) ((uint*)(registers + d))[BitOperations.TrailingZeroCount(rest)] = mask;
    }
}
