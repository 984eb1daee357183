using System.Numerics;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Two values converted into the halves of one: the first source becomes the upper half, as PTX defines it.</summary>
internal sealed unsafe class PackConvertOperation(Conversion conversion, int partBits, int d, int upper, int lower) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            ulong high = conversion.Apply(((uint*)(registers + upper))[lane]), low = conversion.Apply(((uint*)(registers + lower))[lane]);
            ((uint*)(registers + d))[lane] = (uint)((high << partBits) | low);
        }
    }
}
