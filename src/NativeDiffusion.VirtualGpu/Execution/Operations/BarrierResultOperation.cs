using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Reads the result of a barrier with a reduction.</summary>
internal sealed unsafe class BarrierResultOperation(BarrierResult kind, int d) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        (int isTrue, int all) = warp.Reduction;
        if (kind == BarrierResult.Count)
        {
            for (uint rest = mask; rest != 0; rest &= rest - 1) ((uint*)(registers + d))[BitOperations.TrailingZeroCount(rest)] = (uint)isTrue;
            return;
        }
        bool holds = kind == BarrierResult.All ? isTrue == all : isTrue > 0;
        uint* place = (uint*)(registers + d);
        *place = (*place & ~mask) | (holds ? mask : 0);
    }
}
