using NativeDiffusion.Cpu;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Segments for the CPU from the sizes of a case.</summary>
internal static unsafe class CaseSegments
{
    /// <summary>The CPU's segment of a case's sizes.</summary>
    /// <param name="s">The sizes.</param>
    /// <param name="x">[N, Height, Width, Channels], pixels PixelStride floats apart.</param>
    /// <param name="weights">Packed for the segment.</param>
    public static GemmSegment On(this SegmentCase s, float* x, PackedMatrix weights) => new()
    {
        X = x,
        Channels = s.Channels,
        PixelStride = s.PixelStride,
        Height = s.Height,
        Width = s.Width,
        VirtualHeight = s.UpHeight,
        VirtualWidth = s.UpWidth,
        Kernel = s.Kernel,
        Stride = s.Stride,
        PadTop = s.PadTop,
        PadLeft = s.PadLeft,
        Weights = weights,
    };
}
