using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>d = p ? a : b.</summary>
internal sealed unsafe class SelectOperation(int d, int a, int b, int p, bool isNegated, bool is64) : LaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint bits = *(uint*)(registers + p) ^ (isNegated ? uint.MaxValue : 0);
        if (is64)
        {
            for (int part = 0; part < 4; part++)
            {
                var x = Vector512.Load((ulong*)(registers + a) + (8 * part));
                var y = Vector512.Load((ulong*)(registers + b) + (8 * part));
                LaneMask.Blend(Vector512.ConditionalSelect(LaneMask.Of64(bits, part), x, y), registers + d, mask, part);
            }
            return;
        }
        for (int part = 0; part < 2; part++)
        {
            var x = Vector512.Load((uint*)(registers + a) + (16 * part));
            var y = Vector512.Load((uint*)(registers + b) + (16 * part));
            LaneMask.Blend(Vector512.ConditionalSelect(LaneMask.Of32(bits, part), x, y), registers + d, mask, part);
        }
    }
}
