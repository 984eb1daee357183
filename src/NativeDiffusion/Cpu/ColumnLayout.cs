using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>Rows are neighbours; depths lie a run-time stride apart (attention's values, as stored).</summary>
internal readonly struct ColumnLayout : IGemmLayout
{
    /// <inheritdoc/>
    public static int RowStride => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint DepthStride(nint stride) => stride;
}
