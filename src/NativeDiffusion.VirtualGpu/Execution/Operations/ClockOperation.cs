using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Reads the clock, which counts the basic blocks that the warp has run: it is monotonic and repeatable.</summary>
internal sealed unsafe class ClockOperation(int d, bool is64, bool isUpper) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        ulong clock = warp.Clock;
        if (isUpper) clock >>= 32;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            if (is64) ((ulong*)(registers + d))[lane] = clock;
            else ((uint*)(registers + d))[lane] = (uint)clock;
        }
    }
}
