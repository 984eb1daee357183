using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeDiffusion.Cpu;

/// <summary>
/// The inner loop of matrix products: a tile of rows × <see cref="PackedMatrix.PanelWidth"/> sums. Each sum is one chain of
/// fused multiply-adds in depth order that starts at zero, so neither the tile's shape nor the vector width changes a bit.
/// </summary>
internal static unsafe class GemmKernel
{
    /// <summary>Rows of a full tile.</summary>
    public const int Rows = 12;

    /// <summary>Tile rows for row counts that 12 does not divide well: 8 if a tile of 8 also runs at full speed.</summary>
    public static int ShortRows => Vector512.IsHardwareAccelerated ? 8 : Rows;

    /// <summary>Floats of a tile.</summary>
    public const int TileSize = Rows * PackedMatrix.PanelWidth;

    /// <summary>
    /// tile[row] = (accumulate ? tile[row] : 0) + Σ over k of a[row · RowStride + k · DepthStride] · panel[k], for
    /// <paramref name="rows"/> of 1 … <see cref="Rows"/>, <paramref name="depth"/> at least 1; panel and tile have lines of PanelWidth floats.
    /// A full tile prefetches one cache line for each depth, from <paramref name="ahead"/> in steps of <paramref name="aheadStep"/> floats.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<TLayout>(
        float* a, nint depthStride, float* panel, int depth, float* tile, int rows, bool accumulate, float* ahead, nint aheadStep)
        where TLayout : struct, IGemmLayout
    {
        // Constants for the JIT compiler: one of the three branches remains.
        if (Vector512.IsHardwareAccelerated)
            GemmKernel512.Multiply<TLayout>(a, depthStride, panel, depth, tile, rows, accumulate, ahead, aheadStep);
        else if (Vector256.IsHardwareAccelerated && Fma.IsSupported)
            GemmKernel256.Multiply<TLayout>(a, depthStride, panel, depth, tile, rows, accumulate, ahead, aheadStep);
        else
            GemmKernel128.Multiply<TLayout>(a, depthStride, panel, depth, tile, rows, accumulate, ahead, aheadStep);
    }

    /// <summary>Prefetches a cache line into L2 if the processor supports it; never faults.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }
}
