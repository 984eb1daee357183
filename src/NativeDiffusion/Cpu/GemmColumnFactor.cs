using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// A factor for each picture and column of some segments' sums: factor[n, o] · (x · Wᵀ)[row of n, o], other segments of the product are added unscaled.
/// DoRA's gain on the output axis is one. Columns outside the range keep their sums.
/// </summary>
internal readonly unsafe struct GemmColumnFactor
{
    private const int Lanes = 16;

    /// <summary>The columns, of all the product's outputs.</summary>
    public required ColumnRange Columns { get; init; }

    /// <summary>[N, Columns.Count] float32, read when the product runs; one picture's factors are adjacent. 1 changes no bit.</summary>
    public required float* Values { get; init; }

    /// <summary>Floats between two pictures' factors; 0 = the same for all pictures.</summary>
    public required int ImageStride { get; init; }

    /// <summary>Whether one of the factors has columns in a panel.</summary>
    public static bool Touch(GemmColumnFactor[]? factors, int panel)
    {
        if (factors is null)
            return false;
        foreach (ref readonly GemmColumnFactor factor in factors.AsSpan())
            if (factor.Columns.Covers(panel))
                return true;
        return false;
    }

    /// <summary>
    /// tile = factor ∘ sums, or with <paramref name="accumulate"/> tile += factor ∘ sums, rounded once.
    /// </summary>
    /// <param name="factors">Factors; their ranges do not overlap.</param>
    /// <param name="rows">The block's rows, which determine the picture whose factors apply to a line.</param>
    /// <param name="row">The tile's first row in the block.</param>
    /// <param name="count">Lines.</param>
    /// <param name="panel">The product's panel.</param>
    /// <param name="sums">[count, PanelWidth]; may be the tile.</param>
    /// <param name="tile">[count, PanelWidth].</param>
    /// <param name="accumulate">Whether the tile holds previous sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(GemmColumnFactor[] factors, in GemmRows rows, int row, int count, int panel, float* sums, float* tile, bool accumulate)
    {
        float* line = stackalloc float[PackedMatrix.PanelWidth];
        int* images = rows.Image + row;
        int image = -1;
        Vector512<float> factor0 = default, factor1 = default;
        for (int i = 0; i < count; i++, sums += PackedMatrix.PanelWidth, tile += PackedMatrix.PanelWidth)
        {
            if (images[i] != image)
            {
                image = images[i];
                new Span<float>(line, PackedMatrix.PanelWidth).Fill(1);
                foreach (ref readonly GemmColumnFactor factor in factors.AsSpan())
                    factor.Read(line, panel, image);
                factor0 = Vector512.Load(line);
                factor1 = Vector512.Load(line + Lanes);
            }

            Vector512<float> x0 = Vector512.Load(sums), x1 = Vector512.Load(sums + Lanes);
            // A fused multiply-add by 1 is an addition to the bit.
            (accumulate ? Vector512.FusedMultiplyAdd(x0, factor0, Vector512.Load(tile)) : x0 * factor0).Store(tile);
            (accumulate ? Vector512.FusedMultiplyAdd(x1, factor1, Vector512.Load(tile + Lanes)) : x1 * factor1).Store(tile + Lanes);
        }
    }

    private void Read(float* line, int panel, int image)
    {
        float* values = Values + ((long)image * ImageStride);
        for (int half = 0; half < 2; half++)
        {
            Columns.Lanes(panel, half, out int from, out int to, out int place);
            for (int lane = from; lane < to; lane++)
                line[(half * Lanes) + lane] = values[place + lane - from];
        }
    }
}
