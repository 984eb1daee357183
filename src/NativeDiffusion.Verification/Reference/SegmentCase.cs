namespace NativeDiffusion.Verification;

/// <summary>One segment of a matrix product's case: as GemmSegment, with sizes alone. Views leave <paramref name="Gap"/> floats between pixels.</summary>
internal sealed record SegmentCase(
    int Channels, int Height, int Width, int Kernel = 3, int Stride = 1, int PadTop = 1, int PadLeft = 1, int UpHeight = 0, int UpWidth = 0, int Gap = 0)
{
    public int PixelStride => Channels + Gap;

    public int VirtualHeight => UpHeight > 0 ? UpHeight : Height;

    public int VirtualWidth => UpWidth > 0 ? UpWidth : Width;
}
