using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// The two run-time transforms of F(2x2, 3x3) (Lavin and Gray 2015, arXiv:1509.09308): V = Bᵀ d B of a 4x4 patch of the
/// input, and Y = Aᵀ M A of the 16 products. Additions only; lanes are channels or outputs.
/// Bᵀ = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1], Aᵀ = [1 1 1 0; 0 1 -1 -1].
/// </summary>
internal static unsafe class WinogradTransform
{
    /// <summary>Products of one square.</summary>
    public const int Points = 16;

    /// <summary>Longest depth block, in channels: 16 times as many lines as in a plain product should stay in the L2 cache.</summary>
    public const int MaxDepth = 160;

    /// <summary>Floats between two lines.</summary>
    public const int LineStride = MaxDepth + 16;

    private const int Lanes = 16;

    /// <summary>
    /// Transforms <paramref name="count"/> channels (a multiple of 16) of one square's patch. patch: the 16 pixels, row by row, each at its
    /// first channel; lines: point i's line starts at i · <paramref name="pointStride"/> floats.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float** patch, int count, float* lines, long pointStride)
    {
        for (int c = 0; c < count; c += Lanes)
        {
            // Columns first: t[i][j] = Σ over rows of Bᵀ[i][row] · d[row][j].
            Column(patch, 0, c, out Vector512<float> t00, out Vector512<float> t10, out Vector512<float> t20, out Vector512<float> t30);
            Column(patch, 1, c, out Vector512<float> t01, out Vector512<float> t11, out Vector512<float> t21, out Vector512<float> t31);
            Column(patch, 2, c, out Vector512<float> t02, out Vector512<float> t12, out Vector512<float> t22, out Vector512<float> t32);
            Column(patch, 3, c, out Vector512<float> t03, out Vector512<float> t13, out Vector512<float> t23, out Vector512<float> t33);
            float* line = lines + c;
            Row(line, pointStride, t00, t01, t02, t03);
            Row(line + (4 * pointStride), pointStride, t10, t11, t12, t13);
            Row(line + (8 * pointStride), pointStride, t20, t21, t22, t23);
            Row(line + (12 * pointStride), pointStride, t30, t31, t32, t33);
        }
    }

    /// <summary>
    /// Computes the four pixels of one square from its 16 products of a panel of outputs. products: point i's line starts at
    /// i · <paramref name="pointStride"/> floats on; pixels: four lines of PanelWidth.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(float* products, long pointStride, float* pixels)
    {
        for (int lane = 0; lane < PackedMatrix.PanelWidth; lane += Lanes)
        {
            float* line = products + lane;
            Fold(line, 4 * pointStride, out Vector512<float> top0, out Vector512<float> bottom0);
            Fold(line + pointStride, 4 * pointStride, out Vector512<float> top1, out Vector512<float> bottom1);
            Fold(line + (2 * pointStride), 4 * pointStride, out Vector512<float> top2, out Vector512<float> bottom2);
            Fold(line + (3 * pointStride), 4 * pointStride, out Vector512<float> top3, out Vector512<float> bottom3);
            float* pixel = pixels + lane;
            (top0 + top1 + top2).Store(pixel);
            (top1 - top2 - top3).Store(pixel + PackedMatrix.PanelWidth);
            (bottom0 + bottom1 + bottom2).Store(pixel + (2 * PackedMatrix.PanelWidth));
            (bottom1 - bottom2 - bottom3).Store(pixel + (3 * PackedMatrix.PanelWidth));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(
        float** patch, int column, int c, out Vector512<float> t0, out Vector512<float> t1, out Vector512<float> t2, out Vector512<float> t3)
    {
        Vector512<float> d0 = Vector512.Load(patch[column] + c);
        Vector512<float> d1 = Vector512.Load(patch[4 + column] + c);
        Vector512<float> d2 = Vector512.Load(patch[8 + column] + c);
        Vector512<float> d3 = Vector512.Load(patch[12 + column] + c);
        t0 = d0 - d2;
        t1 = d1 + d2;
        t2 = d2 - d1;
        t3 = d1 - d3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(float* line, long pointStride, Vector512<float> t0, Vector512<float> t1, Vector512<float> t2, Vector512<float> t3)
    {
        (t0 - t2).Store(line);
        (t1 + t2).Store(line + pointStride);
        (t2 - t1).Store(line + (2 * pointStride));
        (t1 - t3).Store(line + (3 * pointStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(float* line, long stride, out Vector512<float> top, out Vector512<float> bottom)
    {
        Vector512<float> m0 = Vector512.Load(line);
        Vector512<float> m1 = Vector512.Load(line + stride);
        Vector512<float> m2 = Vector512.Load(line + (2 * stride));
        Vector512<float> m3 = Vector512.Load(line + (3 * stride));
        top = m0 + m1 + m2;
        bottom = m1 - m2 - m3;
    }
}
