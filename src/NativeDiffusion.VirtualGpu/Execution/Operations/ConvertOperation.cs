using System.Numerics;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A conversion lane by lane; the source may have more bits than are read, the result may be extended into a wider register.</summary>
internal sealed unsafe class ConvertOperation(Conversion conversion, int d, int resultBits, bool isSignExtended, int a, int sourceBits) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        int width = conversion.To is Ptx.PtxType.TF32 ? 32 : Ptx.PtxTypes.Bits(conversion.To);
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            ulong bits = sourceBits == 64 ? ((ulong*)(registers + a))[lane] : ((uint*)(registers + a))[lane];
            ulong value = conversion.Apply(Low(bits, Ptx.PtxTypes.Bits(conversion.From)));
            if (isSignExtended) value = (ulong)((long)(value << (64 - width)) >> (64 - width));
            if (resultBits == 64) ((ulong*)(registers + d))[lane] = value;
            else if (resultBits == 16) ((uint*)(registers + d))[lane] = (ushort)value;
            else ((uint*)(registers + d))[lane] = (uint)value;
        }
    }

    private static ulong Low(ulong bits, int width) => width >= 64 ? bits : bits & ((1UL << width) - 1);
}
