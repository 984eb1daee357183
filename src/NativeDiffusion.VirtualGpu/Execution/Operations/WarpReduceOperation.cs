using System.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>redux.sync: one value reduced from all members' values.</summary>
internal sealed unsafe class WarpReduceOperation(string function, PtxType type, bool isAbsolute, bool isNan, int d, int a, int members) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint* masks = (uint*)(registers + members), values = (uint*)(registers + a);
        _ = MemberMask.Common(warp, Source, masks, mask);
        uint* results = stackalloc uint[32];
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint group = masks[lane] & mask;
            uint result = Sign(values[BitOperations.TrailingZeroCount(group)]);
            for (uint others = group & (group - 1); others != 0; others &= others - 1) result = Join(
                result, Sign(values[BitOperations.TrailingZeroCount(others)]));
            results[lane] = result;
        }
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ((uint*)(registers + d))[lane] = results[lane];
        }
    }

    private uint Sign(uint value) => isAbsolute ? value & 0x7FFF_FFFF : value;

    private uint Join(uint x, uint y)
    {
        if (type == PtxType.F32)
        {
            float a1 = BitConverter.UInt32BitsToSingle(x), b1 = BitConverter.UInt32BitsToSingle(y);
            float value = (function, isNan) switch
            {
                ("min", false) => float.MinNumber(a1, b1),
                ("max", false) => float.MaxNumber(a1, b1),
                ("min", true) => MathF.Min(a1, b1),
                _ => MathF.Max(a1, b1),
            };
            return float.IsNaN(value) ? 0x7FFF_FFFF : BitConverter.SingleToUInt32Bits(value);
        }
        return function switch
        {
            "add" => x + y,
            "and" => x & y,
            "or" => x | y,
            "xor" => x ^ y,
            "min" => type == PtxType.S32 ? (uint)Math.Min((int)x, (int)y) : Math.Min(x, y),
            _ => type == PtxType.S32 ? (uint)Math.Max((int)x, (int)y) : Math.Max(x, y),
        };
    }
}
