using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>Rows are adjacent; depths have a run-time stride (attention's values, as stored).</summary>
internal readonly struct ColumnLayout : IGemmLayout
{
    /// <inheritdoc/>
    public static int RowStride => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint DepthStride(nint stride) => stride;
}
