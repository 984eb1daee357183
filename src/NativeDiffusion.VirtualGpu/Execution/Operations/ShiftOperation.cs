using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A shift by a constant.</summary>
internal sealed unsafe class ShiftOperation(int d, int a, uint amount, bool is64, bool isLeft, bool isSigned) : LaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        int width = is64 ? 64 : 32;
        bool isOut = amount >= (uint)width;
        int by = isOut ? width - 1 : (int)amount;
        if (is64)
        {
            for (int part = 0; part < 4; part++)
            {
                var x = Vector512.Load((ulong*)(registers + a) + (8 * part));
                Vector512<ulong> y = isLeft ? x << by : isSigned ? (x.AsInt64() >> by).AsUInt64() : x >> by;
                if (isOut && !(isSigned && !isLeft)) y = Vector512<ulong>.Zero;
                LaneMask.Blend(y, registers + d, mask, part);
            }
            return;
        }
        for (int part = 0; part < 2; part++)
        {
            var x = Vector512.Load((uint*)(registers + a) + (16 * part));
            Vector512<uint> y = isLeft ? x << by : isSigned ? (x.AsInt32() >> by).AsUInt32() : x >> by;
            if (isOut && !(isSigned && !isLeft)) y = Vector512<uint>.Zero;
            LaneMask.Blend(y, registers + d, mask, part);
        }
    }
}
