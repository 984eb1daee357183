using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// One stretch of a matrix product's depth: an input and the packed weights that it meets. A product sums its segments:
/// concat's second source, a fused 1x1 shortcut and an adapter's t · Upᵀ are further segments.
/// </summary>
internal unsafe struct GemmSegment
{
    /// <summary>Input [N, Height, Width, Channels], NHWC; neighbouring pixels lie <see cref="PixelStride"/> floats apart.</summary>
    public float* X;

    /// <summary>Channels read of each pixel.</summary>
    public int Channels;

    /// <summary>Floats between neighbouring pixels: Channels, or more for a view into a wider tensor.</summary>
    public int PixelStride;

    /// <summary>Rows stored.</summary>
    public int Height;

    /// <summary>Columns stored.</summary>
    public int Width;

    /// <summary>Rows after nearest upsampling: row r reads stored row r · Height / VirtualHeight. 0 = Height.</summary>
    public int VirtualHeight;

    /// <summary>Columns after nearest upsampling. 0 = Width.</summary>
    public int VirtualWidth;

    /// <summary>1 or 3: the window's side.</summary>
    public int Kernel;

    /// <summary>1 or 2: distance of neighbouring windows.</summary>
    public int Stride;

    /// <summary>Rows of zeros above the picture; those below follow from the output's height.</summary>
    public int PadTop;

    /// <summary>Columns of zeros left of the picture.</summary>
    public int PadLeft;

    /// <summary>
    /// Weights packed in the depth order (row of the window, column of the window, channel). Of a range of the product's columns where they say so
    /// (<see cref="PackedMatrix.Columns"/>): panels outside of it pass the segment by.
    /// </summary>
    public PackedMatrix Weights;

    /// <summary>
    /// How many of the channels count, read once whenever the product runs: 0 … Channels, an adapter's true rank within the reserved one. Null = all.
    /// 1x1 windows alone. The sums' bytes depend on the rank, never on the channels reserved; at 0 the segment adds nothing.
    /// </summary>
    public int* Rank;

    /// <summary>Factors of this segment's sums, before it is added to the others; all segments of one layer have the same list. Null = none.</summary>
    public GemmColumnFactor[]? Factors;

    /// <summary>Length of the sums at this moment.</summary>
    /// <exception cref="ArgumentException">The rank is negative or above the reserved one, or the window has no rank.</exception>
    public readonly int DepthInUse()
    {
        if (Rank == null)
            return Weights.Depth;
        int rank = *Rank;
        if (Kernel != 1)
            throw new ArgumentException($"A segment with a {Kernel}x{Kernel} window has no rank: only a 1x1 window's channels can be fewer at run time.");
        if (rank < 0 || rank > Weights.Depth)
            throw new ArgumentException($"An adapter's rank is {rank}, but its layer holds ranks of 0 to {Weights.Depth}: reserve more, or merge it.");
        return rank;
    }

    /// <summary>A plain matrix [rows, channels] as a segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmSegment Matrix(float* x, int channels, int pixelStride, int rows, PackedMatrix weights) => new()
    {
        X = x,
        Channels = channels,
        PixelStride = pixelStride,
        Height = 1,
        Width = rows,
        Kernel = 1,
        Stride = 1,
        Weights = weights,
    };
}
