using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Parts put side by side into a register of 32, 64 or 128 bits, the first lowest. A register of 128 bits is two rows of 64.</summary>
internal sealed unsafe class PackOperation(int d, int bits, int[] parts) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        int partBits = bits / parts.Length;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            UInt128 value = 0;
            for (int k = parts.Length - 1; k >= 0; k--)
            {
                ulong part = partBits == 64 ? ((ulong*)(registers + parts[k]))[lane] : ((uint*)(registers + parts[k]))[lane];
                value = (value << partBits) | (partBits == 64 ? part : part & ((1UL << partBits) - 1));
            }
            if (bits == 32) ((uint*)(registers + d))[lane] = (uint)value;
            else ((ulong*)(registers + d))[lane] = (ulong)value;
            if (bits == 128) ((ulong*)(registers + d + 256))[lane] = (ulong)(value >> 64);
        }
    }
}
