using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// <see cref="GemmKernel"/> with 16 registers of 8 lanes (AVX2 and FMA): 6 rows × 2 vectors = 12 sums, 2 registers hold half a line of
/// the panel, 1 the broadcast. The panel is traversed twice, its left and its right 16 outputs.
/// </summary>
internal static unsafe class GemmKernel256
{
    private const int Columns = 16;

    /// <summary>As <see cref="GemmKernel.Multiply{TLayout}"/>.</summary>
    public static void Multiply<TLayout>(
        float* a, nint depthStride, float* panel, int depth, float* tile, int rows, bool accumulate, float* ahead, nint aheadStep)
        where TLayout : struct, IGemmLayout
    {
        for (int column = 0; column < PackedMatrix.PanelWidth; column += Columns)
        {
            int row = 0;
            for (; row + 6 <= rows; row += 6)
                SixRows<TLayout>(
                    a + (row * TLayout.RowStride), depthStride, panel + column, depth, tile + (row * PackedMatrix.PanelWidth) + column, accumulate, ahead,
                    aheadStep);
            for (; row + 2 <= rows; row += 2)
                TwoRows<TLayout>(
                    a + (row * TLayout.RowStride), depthStride, panel + column, depth, tile + (row * PackedMatrix.PanelWidth) + column, accumulate);
            if (row < rows)
                OneRow<TLayout>(a + (row * TLayout.RowStride), depthStride, panel + column, depth, tile + (row * PackedMatrix.PanelWidth) + column, accumulate);
        }
    }

    // x is the broadcast of one row, a and b in a sum's name are the left and right 8 outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixRows<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate, float* ahead, nint aheadStep)
        where TLayout : struct, IGemmLayout
    {
        Vector256<float> c0a = default, c0b = default;
        Vector256<float> c1a = default, c1b = default;
        Vector256<float> c2a = default, c2b = default;
        Vector256<float> c3a = default, c3b = default;
        Vector256<float> c4a = default, c4b = default;
        Vector256<float> c5a = default, c5b = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector256<float> ba = Vector256.Load(panel);
            Vector256<float> bb = Vector256.Load(panel + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            c0a = Vector256.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector256.FusedMultiplyAdd(x0, bb, c0b);
            Vector256<float> x1 = Vector256.Create(a[TLayout.RowStride]);
            c1a = Vector256.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector256.FusedMultiplyAdd(x1, bb, c1b);
            Vector256<float> x2 = Vector256.Create(a[2 * TLayout.RowStride]);
            c2a = Vector256.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Vector256.FusedMultiplyAdd(x2, bb, c2b);
            Vector256<float> x3 = Vector256.Create(a[3 * TLayout.RowStride]);
            c3a = Vector256.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Vector256.FusedMultiplyAdd(x3, bb, c3b);
            Vector256<float> x4 = Vector256.Create(a[4 * TLayout.RowStride]);
            c4a = Vector256.FusedMultiplyAdd(x4, ba, c4a);
            c4b = Vector256.FusedMultiplyAdd(x4, bb, c4b);
            Vector256<float> x5 = Vector256.Create(a[5 * TLayout.RowStride]);
            c5a = Vector256.FusedMultiplyAdd(x5, ba, c5a);
            c5b = Vector256.FusedMultiplyAdd(x5, bb, c5b);
            GemmKernel.Prefetch(ahead);
            ahead += aheadStep;
            a += TLayout.DepthStride(depthStride);
            panel += PackedMatrix.PanelWidth;
        }
        while (panel < end);

        Store(tile, c0a, c0b, accumulate);
        Store(tile + PackedMatrix.PanelWidth, c1a, c1b, accumulate);
        Store(tile + (2 * PackedMatrix.PanelWidth), c2a, c2b, accumulate);
        Store(tile + (3 * PackedMatrix.PanelWidth), c3a, c3b, accumulate);
        Store(tile + (4 * PackedMatrix.PanelWidth), c4a, c4b, accumulate);
        Store(tile + (5 * PackedMatrix.PanelWidth), c5a, c5b, accumulate);
    }

    // A remainder of rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoRows<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate)
        where TLayout : struct, IGemmLayout
    {
        Vector256<float> c0a = default, c0b = default;
        Vector256<float> c1a = default, c1b = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector256<float> ba = Vector256.Load(panel);
            Vector256<float> bb = Vector256.Load(panel + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            c0a = Vector256.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector256.FusedMultiplyAdd(x0, bb, c0b);
            Vector256<float> x1 = Vector256.Create(a[TLayout.RowStride]);
            c1a = Vector256.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector256.FusedMultiplyAdd(x1, bb, c1b);
            a += TLayout.DepthStride(depthStride);
            panel += PackedMatrix.PanelWidth;
        }
        while (panel < end);

        Store(tile, c0a, c0b, accumulate);
        Store(tile + PackedMatrix.PanelWidth, c1a, c1b, accumulate);
    }

    // The last row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate)
        where TLayout : struct, IGemmLayout
    {
        Vector256<float> c0a = default, c0b = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector256<float> ba = Vector256.Load(panel);
            Vector256<float> bb = Vector256.Load(panel + 8);
            Vector256<float> x0 = Vector256.Create(a[0]);
            c0a = Vector256.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector256.FusedMultiplyAdd(x0, bb, c0b);
            a += TLayout.DepthStride(depthStride);
            panel += PackedMatrix.PanelWidth;
        }
        while (panel < end);

        Store(tile, c0a, c0b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* tile, Vector256<float> a, Vector256<float> b, bool accumulate)
    {
        if (accumulate)
        {
            a = Vector256.Load(tile) + a;
            b = Vector256.Load(tile + 8) + b;
        }

        a.Store(tile);
        b.Store(tile + 8);
    }
}
