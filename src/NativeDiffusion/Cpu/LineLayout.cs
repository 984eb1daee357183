using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>Rows are lines of <see cref="GemmPacking"/>; depths are adjacent.</summary>
internal readonly struct LineLayout : IGemmLayout
{
    /// <inheritdoc/>
    public static int RowStride => GemmPacking.LineStride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint DepthStride(nint stride) => 1;
}
