using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution.Operations;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>movmatrix: an 8x8 matrix of 16 bits across the lanes, transposed.</summary>
internal sealed unsafe class MatrixTransposeOperation(int d, int a) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        if (mask != uint.MaxValue)
        {
            warp.Report(FindingKind.DivergentWarp, Source, mask, $"divergent: executed by {BitOperations.PopCount(mask)} lanes; all 32 are required");
            warp.Launch.Abort();
            return;
        }
        ushort* from = stackalloc ushort[64];
        new ReadOnlySpan<ushort>(registers + a, 64).CopyTo(new Span<ushort>(from, 64));
        ushort* to = (ushort*)(registers + d);
        for (int row = 0; row < 8; row++)
            for (int column = 0; column < 8; column++) to[(8 * column) + row] = from[(8 * row) + column];
    }
}
