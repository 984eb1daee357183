using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A register split into parts, the lowest first; parts at -1 are discarded.</summary>
internal sealed unsafe class UnpackOperation(int a, int bits, int[] parts) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        int partBits = bits / parts.Length;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            UInt128 value = bits == 32 ? ((uint*)(registers + a))[lane] : ((ulong*)(registers + a))[lane];
            if (bits == 128) value |= (UInt128)((ulong*)(registers + a + 256))[lane] << 64;
            foreach (int part in parts)
            {
                if (part >= 0 && partBits == 64) ((ulong*)(registers + part))[lane] = (ulong)value;
                else if (part >= 0) ((uint*)(registers + part))[lane] = (uint)(value & ((UInt128.One << partBits) - 1));
                value >>= partBits;
            }
        }
    }
}
