using System.Numerics;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Tests whether a generic address is in the window of a space.</summary>
internal sealed unsafe class WindowOperation(StateSpace space, int p, int a) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint inside = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (IsInside(((ulong*)(registers + a))[lane])) inside |= 1u << lane;
        }
        uint* place = (uint*)(registers + p);
        *place = (*place & ~mask) | inside;
    }

    private bool IsInside(ulong address) => space switch
    {
        StateSpace.Shared => address - Windows.Shared < Windows.Size,
        StateSpace.Local => address - Windows.Local < Windows.Size,
        StateSpace.Param => address - Windows.Param < Windows.Size,
        StateSpace.Const => false,
        _ => address < Windows.Shared || address >= Windows.Functions + Windows.Size,
    };
}
