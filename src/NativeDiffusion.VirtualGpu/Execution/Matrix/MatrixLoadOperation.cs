using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution.Access;
using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>
/// ldmatrix and stmatrix of 8x8 matrices of 16 bits: lanes 8m to 8m+7 give the rows of matrix m; lane l holds row l/4, columns 2(l%4) and
/// 2(l%4)+1 of it (transposed: the same of the transposed matrix).
/// </summary>
internal sealed unsafe class MatrixLoadOperation(in MemoryOperand operand, int[] places, bool isTransposed, bool isStore, int site)
    : MemoryOperation(operand, 16, site)
{
    public override bool IsStore => isStore;

    public override uint AddressMask => places.Length == 4 ? LaneMask.All : (1u << (8 * places.Length)) - 1;

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        if (mask != LaneMask.All)
        {
            warp.Report(FindingKind.DivergentWarp, Source, mask, string.Create(CultureInfo.InvariantCulture,
                $"divergent: executed by {BitOperations.PopCount(mask)} lanes; all 32 are required"));
            warp.Launch.Abort();
            return;
        }
        base.Execute(warp, registers, mask);
    }

    /// <summary>One row: to compare what would be stored with what is there.</summary>
    public override void MoveLane(Warp warp, byte* registers, int lane, byte* pointer, bool isShared)
    {
        int matrix = lane >> 3, row = lane & 7;
        ushort* halves = (ushort*)(registers + places[matrix]);
        if (!isTransposed) Vector128.Load(halves + (8 * row)).Store((ushort*)pointer);
        else
            for (int column = 0; column < 8; column++) ((ushort*)pointer)[column] = halves[(8 * column) + row];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Move(Warp warp, byte* registers, uint mask, byte* origin, AccessPattern pattern, bool isShared)
    {
        ulong* deltas = pattern.Deltas;
        for (int matrix = 0; matrix < places.Length; matrix++)
        {
            // A register's 32 lanes are the matrix itself, row by row.
            ushort* halves = (ushort*)(registers + places[matrix]);
            for (int row = 0; row < 8; row++)
            {
                int lane = (8 * matrix) + row;
                if ((mask >> lane & 1) == 0) continue;
                ushort* memory = (ushort*)(origin + deltas[lane]);
                if (!isTransposed)
                {
                    if (isStore) Vector128.Load(halves + (8 * row)).Store(memory);
                    else Vector128.Load(memory).Store(halves + (8 * row));
                    continue;
                }
                for (int column = 0; column < 8; column++)
                {
                    if (isStore) memory[column] = halves[(8 * column) + row];
                    else halves[(8 * column) + row] = memory[column];
                }
            }
        }
    }
}
