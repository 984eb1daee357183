using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// The inner loop of matrix products: a tile of rows × <see cref="PackedMatrix.PanelWidth"/> sums. Each sum is one chain of
/// fused multiply-adds in depth order that starts at zero, so the shape of the tile and the width of a vector change no bit.
/// </summary>
internal static unsafe class GemmKernel
{
    /// <summary>Rows of a full tile.</summary>
    public const int Rows = 12;

    /// <summary>Floats of a tile.</summary>
    public const int TileSize = Rows * PackedMatrix.PanelWidth;

    private const int Lanes = 16;

    /// <summary>
    /// tile[row] = (accumulate ? tile[row] : 0) + Σ over k of a[row · rowStride + k · depthStride] · panel[k], for
    /// <paramref name="rows"/> of 1 … <see cref="Rows"/>; panel and tile have lines of PanelWidth floats.
    /// </summary>
    public static void Multiply(float* a, int rowStride, int depthStride, float* panel, int depth, float* tile, int rows, bool accumulate)
    {
        int row = 0;
        for (; row + 4 <= rows; row += 4)
            FourRows(a + (row * rowStride), rowStride, depthStride, panel, depth, tile + (row * PackedMatrix.PanelWidth), accumulate);
        for (; row < rows; row++)
            OneRow(a + (row * rowStride), depthStride, panel, depth, tile + (row * PackedMatrix.PanelWidth), accumulate);
    }

    private static void FourRows(float* a, int rowStride, int depthStride, float* panel, int depth, float* tile, bool accumulate)
    {
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        for (int k = 0; k < depth; k++)
        {
            Vector512<float> left = Vector512.Load(panel);
            Vector512<float> right = Vector512.Load(panel + Lanes);
            Vector512<float> x = Vector512.Create(a[0]);
            c00 = Vector512.FusedMultiplyAdd(x, left, c00);
            c01 = Vector512.FusedMultiplyAdd(x, right, c01);
            x = Vector512.Create(a[rowStride]);
            c10 = Vector512.FusedMultiplyAdd(x, left, c10);
            c11 = Vector512.FusedMultiplyAdd(x, right, c11);
            x = Vector512.Create(a[2 * rowStride]);
            c20 = Vector512.FusedMultiplyAdd(x, left, c20);
            c21 = Vector512.FusedMultiplyAdd(x, right, c21);
            x = Vector512.Create(a[3 * rowStride]);
            c30 = Vector512.FusedMultiplyAdd(x, left, c30);
            c31 = Vector512.FusedMultiplyAdd(x, right, c31);
            a += depthStride;
            panel += PackedMatrix.PanelWidth;
        }

        Store(tile, c00, c01, accumulate);
        Store(tile + PackedMatrix.PanelWidth, c10, c11, accumulate);
        Store(tile + (2 * PackedMatrix.PanelWidth), c20, c21, accumulate);
        Store(tile + (3 * PackedMatrix.PanelWidth), c30, c31, accumulate);
    }

    private static void OneRow(float* a, int depthStride, float* panel, int depth, float* tile, bool accumulate)
    {
        Vector512<float> left = default, right = default;
        for (int k = 0; k < depth; k++)
        {
            Vector512<float> x = Vector512.Create(*a);
            left = Vector512.FusedMultiplyAdd(x, Vector512.Load(panel), left);
            right = Vector512.FusedMultiplyAdd(x, Vector512.Load(panel + Lanes), right);
            a += depthStride;
            panel += PackedMatrix.PanelWidth;
        }

        Store(tile, left, right, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* tile, Vector512<float> left, Vector512<float> right, bool accumulate)
    {
        if (accumulate)
        {
            left = Vector512.Load(tile) + left;
            right = Vector512.Load(tile + Lanes) + right;
        }

        left.Store(tile);
        right.Store(tile + Lanes);
    }
}
