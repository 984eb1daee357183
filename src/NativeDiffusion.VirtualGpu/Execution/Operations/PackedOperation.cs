using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Integers of 8 or 16 bits side by side; rare, so one by one.</summary>
internal sealed unsafe class PackedOperation(
    string operation, int bits, bool isSignedD, bool isSignedA, bool isSignedB, bool isSaturating, bool isSum, int[] places) : LaneOperation
{
    private readonly int _low = isSignedD ? -(1 << (bits - 1)) : 0;
    private readonly int _high = isSignedD ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            uint a = ((uint*)(registers + places[1]))[lane], b = ((uint*)(registers + places[2]))[lane];
            uint c = ((uint*)(registers + places[3]))[lane], packed = 0;
            for (int k = 0; k < 32; k += bits)
            {
                int x = Part(a, k, isSignedA), y = Part(b, k, isSignedB);
                int value = operation switch
                {
                    "vadd" => x + y,
                    "vsub" => x - y,
                    "vavrg" => (x + y + 1) >> 1,
                    "vabsdiff" => Math.Abs(x - y),
                    "vmin" => Math.Min(x, y),
                    _ => Math.Max(x, y),
                };
                if (isSaturating) value = Math.Clamp(value, _low, _high);
                uint kept = (uint)value & (uint)((1 << bits) - 1);
                packed |= kept << k;
                c += isSum ? (uint)Part(kept, 0, isSignedD) : 0;
            }
            ((uint*)(registers + places[0]))[lane] = isSum ? c : packed;
        }
    }

    private int Part(uint word, int from, bool isSigned) =>
        isSigned ? (int)(word << (32 - bits - from)) >> (32 - bits) : (int)(word >> from & (uint)((1 << bits) - 1));
}
