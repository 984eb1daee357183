using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// <see cref="GemmKernel"/> with registers of 4 lanes, for processors without wider ones: on ARM 4 rows × 4 vectors = 16 of 32 registers.
/// The panel is traversed twice, its left and its right 16 outputs. Without hardware fused multiply-add the runtime
/// computes it exactly in software: slow, but with the same bytes.
/// </summary>
internal static unsafe class GemmKernel128
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
            for (; row + 4 <= rows; row += 4)
                FourRows<TLayout>(
                    a + (row * TLayout.RowStride), depthStride, panel + column, depth, tile + (row * PackedMatrix.PanelWidth) + column, accumulate);
            for (; row < rows; row++)
                OneRow<TLayout>(a + (row * TLayout.RowStride), depthStride, panel + column, depth, tile + (row * PackedMatrix.PanelWidth) + column, accumulate);
        }
    }

    // x is the broadcast of one row, a to d in a sum's name are the four vectors of 4 outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate)
        where TLayout : struct, IGemmLayout
    {
        Vector128<float> c0a = default, c0b = default, c0c = default, c0d = default;
        Vector128<float> c1a = default, c1b = default, c1c = default, c1d = default;
        Vector128<float> c2a = default, c2b = default, c2c = default, c2d = default;
        Vector128<float> c3a = default, c3b = default, c3c = default, c3d = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector128<float> ba = Vector128.Load(panel);
            Vector128<float> bb = Vector128.Load(panel + 4);
            Vector128<float> bc = Vector128.Load(panel + 8);
            Vector128<float> bd = Vector128.Load(panel + 12);
            Vector128<float> x0 = Vector128.Create(a[0]);
            c0a = Vector128.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector128.FusedMultiplyAdd(x0, bb, c0b);
            c0c = Vector128.FusedMultiplyAdd(x0, bc, c0c);
            c0d = Vector128.FusedMultiplyAdd(x0, bd, c0d);
            Vector128<float> x1 = Vector128.Create(a[TLayout.RowStride]);
            c1a = Vector128.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector128.FusedMultiplyAdd(x1, bb, c1b);
            c1c = Vector128.FusedMultiplyAdd(x1, bc, c1c);
            c1d = Vector128.FusedMultiplyAdd(x1, bd, c1d);
            Vector128<float> x2 = Vector128.Create(a[2 * TLayout.RowStride]);
            c2a = Vector128.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Vector128.FusedMultiplyAdd(x2, bb, c2b);
            c2c = Vector128.FusedMultiplyAdd(x2, bc, c2c);
            c2d = Vector128.FusedMultiplyAdd(x2, bd, c2d);
            Vector128<float> x3 = Vector128.Create(a[3 * TLayout.RowStride]);
            c3a = Vector128.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Vector128.FusedMultiplyAdd(x3, bb, c3b);
            c3c = Vector128.FusedMultiplyAdd(x3, bc, c3c);
            c3d = Vector128.FusedMultiplyAdd(x3, bd, c3d);
            a += TLayout.DepthStride(depthStride);
            panel += PackedMatrix.PanelWidth;
        }
        while (panel < end);

        Store(tile, c0a, c0b, c0c, c0d, accumulate);
        Store(tile + PackedMatrix.PanelWidth, c1a, c1b, c1c, c1d, accumulate);
        Store(tile + (2 * PackedMatrix.PanelWidth), c2a, c2b, c2c, c2d, accumulate);
        Store(tile + (3 * PackedMatrix.PanelWidth), c3a, c3b, c3c, c3d, accumulate);
    }

    // A remainder of rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate)
        where TLayout : struct, IGemmLayout
    {
        Vector128<float> c0a = default, c0b = default, c0c = default, c0d = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector128<float> ba = Vector128.Load(panel);
            Vector128<float> bb = Vector128.Load(panel + 4);
            Vector128<float> bc = Vector128.Load(panel + 8);
            Vector128<float> bd = Vector128.Load(panel + 12);
            Vector128<float> x0 = Vector128.Create(a[0]);
            c0a = Vector128.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector128.FusedMultiplyAdd(x0, bb, c0b);
            c0c = Vector128.FusedMultiplyAdd(x0, bc, c0c);
            c0d = Vector128.FusedMultiplyAdd(x0, bd, c0d);
            a += TLayout.DepthStride(depthStride);
            panel += PackedMatrix.PanelWidth;
        }
        while (panel < end);

        Store(tile, c0a, c0b, c0c, c0d, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* tile, Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, bool accumulate)
    {
        if (accumulate)
        {
            a = Vector128.Load(tile) + a;
            b = Vector128.Load(tile + 4) + b;
            c = Vector128.Load(tile + 8) + c;
            d = Vector128.Load(tile + 12) + d;
        }

        a.Store(tile);
        b.Store(tile + 4);
        c.Store(tile + 8);
        d.Store(tile + 12);
    }
}
