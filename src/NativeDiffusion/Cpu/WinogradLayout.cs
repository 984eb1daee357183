using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>Rows are the transformed tiles of <see cref="Winograd"/>; depths are adjacent.</summary>
internal readonly struct WinogradLayout : IGemmLayout
{
    /// <inheritdoc/>
    public static int RowStride => WinogradTransform.LineStride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint DepthStride(nint stride) => 1;
}
