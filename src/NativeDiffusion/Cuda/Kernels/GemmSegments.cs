using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>The depth of a product: up to four segments, added in order. The kernel's parameter, by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GemmSegments
{
    /// <summary>The most that fit.</summary>
    public const int Most = 4;

    private Four _segments;
    private int _count;

    public GemmSegments(params ReadOnlySpan<GemmSegment> segments)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segments.Length, Most);
        ArgumentOutOfRangeException.ThrowIfZero(segments.Length);
        segments.CopyTo(_segments);
        _count = segments.Length;
    }

    public readonly int Count => _count;

    public readonly GemmSegment this[int index] => _segments[index];

    [InlineArray(Most)]
    private struct Four
    {
        private GemmSegment _first;
    }
}
