using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>bfi: the lower bits of a put into b at a position; four sources.</summary>
internal sealed unsafe class InsertOperation(bool is64, int d, int a, int b, int position, int length) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        int width = is64 ? 64 : 32;
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            int from = (int)(((uint*)(registers + position))[i] & 255), count = (int)(((uint*)(registers + length))[i] & 255);
            ulong field = is64 ? ((ulong*)(registers + a))[i] : ((uint*)(registers + a))[i];
            ulong into = is64 ? ((ulong*)(registers + b))[i] : ((uint*)(registers + b))[i];
            if (from < width && count > 0)
            {
                ulong ones = count >= 64 ? ulong.MaxValue : (1ul << count) - 1;
                into = (into & ~(ones << from)) | ((field & ones) << from);
            }
            if (is64) ((ulong*)(registers + d))[i] = into;
            else ((uint*)(registers + d))[i] = (uint)into;
        }
    }
}
