using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// <see cref="GemmKernel"/> with 32 registers of 16 lanes (AVX-512): 12 rows × 2 vectors = 24 sums in registers, 2 hold a line of the
/// panel, 1 the broadcast. Per depth there are 24 multiply-adds and 14 loads, so the FMA units are the bottleneck; 8 chains would hide
/// their latency already. Lanes are outputs: no mask, no remainder, the panel is padded.
/// </summary>
internal static unsafe class GemmKernel512
{
    /// <summary>As <see cref="GemmKernel.Multiply{TLayout}"/>.</summary>
    public static void Multiply<TLayout>(
        float* a, nint depthStride, float* panel, int depth, float* tile, int rows, bool accumulate, float* ahead, nint aheadStep)
        where TLayout : struct, IGemmLayout
    {
        if (rows == GemmKernel.Rows)
        {
            TwelveRows<TLayout>(a, depthStride, panel, depth, tile, accumulate, ahead, aheadStep);
            return;
        }

        int row = 0;
        if (rows >= 8)
        {
            EightRows<TLayout>(a, depthStride, panel, depth, tile, accumulate);
            row = 8;
        }

        for (; row + 4 <= rows; row += 4)
            FourRows<TLayout>(a + (row * TLayout.RowStride), depthStride, panel, depth, tile + (row * PackedMatrix.PanelWidth), accumulate);
        for (; row < rows; row++)
            OneRow<TLayout>(a + (row * TLayout.RowStride), depthStride, panel, depth, tile + (row * PackedMatrix.PanelWidth), accumulate);
    }

    // x is the broadcast of one row, a and b in a sum's name are the left and right 16 outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwelveRows<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate, float* ahead, nint aheadStep)
        where TLayout : struct, IGemmLayout
    {
        Vector512<float> c0a = default, c0b = default;
        Vector512<float> c1a = default, c1b = default;
        Vector512<float> c2a = default, c2b = default;
        Vector512<float> c3a = default, c3b = default;
        Vector512<float> c4a = default, c4b = default;
        Vector512<float> c5a = default, c5b = default;
        Vector512<float> c6a = default, c6b = default;
        Vector512<float> c7a = default, c7b = default;
        Vector512<float> c8a = default, c8b = default;
        Vector512<float> c9a = default, c9b = default;
        Vector512<float> c10a = default, c10b = default;
        Vector512<float> c11a = default, c11b = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector512<float> ba = Vector512.Load(panel);
            Vector512<float> bb = Vector512.Load(panel + 16);
            Vector512<float> x0 = Vector512.Create(a[0]);
            c0a = Vector512.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector512.FusedMultiplyAdd(x0, bb, c0b);
            Vector512<float> x1 = Vector512.Create(a[TLayout.RowStride]);
            c1a = Vector512.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector512.FusedMultiplyAdd(x1, bb, c1b);
            Vector512<float> x2 = Vector512.Create(a[2 * TLayout.RowStride]);
            c2a = Vector512.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Vector512.FusedMultiplyAdd(x2, bb, c2b);
            Vector512<float> x3 = Vector512.Create(a[3 * TLayout.RowStride]);
            c3a = Vector512.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Vector512.FusedMultiplyAdd(x3, bb, c3b);
            Vector512<float> x4 = Vector512.Create(a[4 * TLayout.RowStride]);
            c4a = Vector512.FusedMultiplyAdd(x4, ba, c4a);
            c4b = Vector512.FusedMultiplyAdd(x4, bb, c4b);
            Vector512<float> x5 = Vector512.Create(a[5 * TLayout.RowStride]);
            c5a = Vector512.FusedMultiplyAdd(x5, ba, c5a);
            c5b = Vector512.FusedMultiplyAdd(x5, bb, c5b);
            Vector512<float> x6 = Vector512.Create(a[6 * TLayout.RowStride]);
            c6a = Vector512.FusedMultiplyAdd(x6, ba, c6a);
            c6b = Vector512.FusedMultiplyAdd(x6, bb, c6b);
            Vector512<float> x7 = Vector512.Create(a[7 * TLayout.RowStride]);
            c7a = Vector512.FusedMultiplyAdd(x7, ba, c7a);
            c7b = Vector512.FusedMultiplyAdd(x7, bb, c7b);
            Vector512<float> x8 = Vector512.Create(a[8 * TLayout.RowStride]);
            c8a = Vector512.FusedMultiplyAdd(x8, ba, c8a);
            c8b = Vector512.FusedMultiplyAdd(x8, bb, c8b);
            Vector512<float> x9 = Vector512.Create(a[9 * TLayout.RowStride]);
            c9a = Vector512.FusedMultiplyAdd(x9, ba, c9a);
            c9b = Vector512.FusedMultiplyAdd(x9, bb, c9b);
            Vector512<float> x10 = Vector512.Create(a[10 * TLayout.RowStride]);
            c10a = Vector512.FusedMultiplyAdd(x10, ba, c10a);
            c10b = Vector512.FusedMultiplyAdd(x10, bb, c10b);
            Vector512<float> x11 = Vector512.Create(a[11 * TLayout.RowStride]);
            c11a = Vector512.FusedMultiplyAdd(x11, ba, c11a);
            c11b = Vector512.FusedMultiplyAdd(x11, bb, c11b);
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
        Store(tile + (6 * PackedMatrix.PanelWidth), c6a, c6b, accumulate);
        Store(tile + (7 * PackedMatrix.PanelWidth), c7a, c7b, accumulate);
        Store(tile + (8 * PackedMatrix.PanelWidth), c8a, c8b, accumulate);
        Store(tile + (9 * PackedMatrix.PanelWidth), c9a, c9b, accumulate);
        Store(tile + (10 * PackedMatrix.PanelWidth), c10a, c10b, accumulate);
        Store(tile + (11 * PackedMatrix.PanelWidth), c11a, c11b, accumulate);
    }

    // Heads are multiples of 8 wide: attention's second product has no remainder.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRows<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate)
        where TLayout : struct, IGemmLayout
    {
        Vector512<float> c0a = default, c0b = default;
        Vector512<float> c1a = default, c1b = default;
        Vector512<float> c2a = default, c2b = default;
        Vector512<float> c3a = default, c3b = default;
        Vector512<float> c4a = default, c4b = default;
        Vector512<float> c5a = default, c5b = default;
        Vector512<float> c6a = default, c6b = default;
        Vector512<float> c7a = default, c7b = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector512<float> ba = Vector512.Load(panel);
            Vector512<float> bb = Vector512.Load(panel + 16);
            Vector512<float> x0 = Vector512.Create(a[0]);
            c0a = Vector512.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector512.FusedMultiplyAdd(x0, bb, c0b);
            Vector512<float> x1 = Vector512.Create(a[TLayout.RowStride]);
            c1a = Vector512.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector512.FusedMultiplyAdd(x1, bb, c1b);
            Vector512<float> x2 = Vector512.Create(a[2 * TLayout.RowStride]);
            c2a = Vector512.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Vector512.FusedMultiplyAdd(x2, bb, c2b);
            Vector512<float> x3 = Vector512.Create(a[3 * TLayout.RowStride]);
            c3a = Vector512.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Vector512.FusedMultiplyAdd(x3, bb, c3b);
            Vector512<float> x4 = Vector512.Create(a[4 * TLayout.RowStride]);
            c4a = Vector512.FusedMultiplyAdd(x4, ba, c4a);
            c4b = Vector512.FusedMultiplyAdd(x4, bb, c4b);
            Vector512<float> x5 = Vector512.Create(a[5 * TLayout.RowStride]);
            c5a = Vector512.FusedMultiplyAdd(x5, ba, c5a);
            c5b = Vector512.FusedMultiplyAdd(x5, bb, c5b);
            Vector512<float> x6 = Vector512.Create(a[6 * TLayout.RowStride]);
            c6a = Vector512.FusedMultiplyAdd(x6, ba, c6a);
            c6b = Vector512.FusedMultiplyAdd(x6, bb, c6b);
            Vector512<float> x7 = Vector512.Create(a[7 * TLayout.RowStride]);
            c7a = Vector512.FusedMultiplyAdd(x7, ba, c7a);
            c7b = Vector512.FusedMultiplyAdd(x7, bb, c7b);
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
        Store(tile + (6 * PackedMatrix.PanelWidth), c6a, c6b, accumulate);
        Store(tile + (7 * PackedMatrix.PanelWidth), c7a, c7b, accumulate);
    }

    // 8 sums: just enough independent chains to hide the latency of a multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate)
        where TLayout : struct, IGemmLayout
    {
        Vector512<float> c0a = default, c0b = default;
        Vector512<float> c1a = default, c1b = default;
        Vector512<float> c2a = default, c2b = default;
        Vector512<float> c3a = default, c3b = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector512<float> ba = Vector512.Load(panel);
            Vector512<float> bb = Vector512.Load(panel + 16);
            Vector512<float> x0 = Vector512.Create(a[0]);
            c0a = Vector512.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector512.FusedMultiplyAdd(x0, bb, c0b);
            Vector512<float> x1 = Vector512.Create(a[TLayout.RowStride]);
            c1a = Vector512.FusedMultiplyAdd(x1, ba, c1a);
            c1b = Vector512.FusedMultiplyAdd(x1, bb, c1b);
            Vector512<float> x2 = Vector512.Create(a[2 * TLayout.RowStride]);
            c2a = Vector512.FusedMultiplyAdd(x2, ba, c2a);
            c2b = Vector512.FusedMultiplyAdd(x2, bb, c2b);
            Vector512<float> x3 = Vector512.Create(a[3 * TLayout.RowStride]);
            c3a = Vector512.FusedMultiplyAdd(x3, ba, c3a);
            c3b = Vector512.FusedMultiplyAdd(x3, bb, c3b);
            a += TLayout.DepthStride(depthStride);
            panel += PackedMatrix.PanelWidth;
        }
        while (panel < end);

        Store(tile, c0a, c0b, accumulate);
        Store(tile + PackedMatrix.PanelWidth, c1a, c1b, accumulate);
        Store(tile + (2 * PackedMatrix.PanelWidth), c2a, c2b, accumulate);
        Store(tile + (3 * PackedMatrix.PanelWidth), c3a, c3b, accumulate);
    }

    // The last rows, and products of a single row, which are memory-bound.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow<TLayout>(float* a, nint depthStride, float* panel, int depth, float* tile, bool accumulate)
        where TLayout : struct, IGemmLayout
    {
        Vector512<float> c0a = default, c0b = default;
        float* end = panel + ((long)depth * PackedMatrix.PanelWidth);
        do
        {
            Vector512<float> ba = Vector512.Load(panel);
            Vector512<float> bb = Vector512.Load(panel + 16);
            Vector512<float> x0 = Vector512.Create(a[0]);
            c0a = Vector512.FusedMultiplyAdd(x0, ba, c0a);
            c0b = Vector512.FusedMultiplyAdd(x0, bb, c0b);
            a += TLayout.DepthStride(depthStride);
            panel += PackedMatrix.PanelWidth;
        }
        while (panel < end);

        Store(tile, c0a, c0b, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* tile, Vector512<float> a, Vector512<float> b, bool accumulate)
    {
        if (accumulate)
        {
            a = Vector512.Load(tile) + a;
            b = Vector512.Load(tile + 16) + b;
        }

        a.Store(tile);
        b.Store(tile + 16);
    }
}
