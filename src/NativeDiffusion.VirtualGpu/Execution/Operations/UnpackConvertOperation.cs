using System.Numerics;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Both eight-bit numbers of a pair converted into a pair of sixteen bits each.</summary>
internal sealed unsafe class UnpackConvertOperation(Conversion conversion, int d, int a) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            uint bits = ((uint*)(registers + a))[lane];
            ((uint*)(registers + d))[lane] = (uint)conversion.Apply(bits & 255) | ((uint)conversion.Apply((bits >> 8) & 255) << 16);
        }
    }
}
