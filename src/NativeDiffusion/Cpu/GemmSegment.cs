using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// One segment of a matrix product's depth: an input and the packed weights that multiply it. A product sums its segments:
/// concat's second source, a fused 1x1 shortcut and an adapter's t · Upᵀ are further segments.
/// </summary>
internal unsafe struct GemmSegment
{
    /// <summary>Input [N, Height, Width, Channels], NHWC; adjacent pixels are <see cref="PixelStride"/> floats apart.</summary>
    public float* X;

    /// <summary>Channels read from each pixel.</summary>
    public int Channels;

    /// <summary>Floats between adjacent pixels: Channels, or more for a view into a wider tensor.</summary>
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

    /// <summary>1 or 2: stride of the window.</summary>
    public int Stride;

    /// <summary>Rows of zeros above the picture; those below follow from the output's height.</summary>
    public int PadTop;

    /// <summary>Columns of zeros left of the picture.</summary>
    public int PadLeft;

    /// <summary>
    /// Weights packed in the depth order (row of the window, column of the window, channel). Possibly for a range of the product's columns
    /// (<see cref="PackedMatrix.Columns"/>): panels outside of it skip the segment.
    /// </summary>
    public PackedMatrix Weights;

    /// <summary>
    /// Number of channels in use, read once per run: 0 … Channels, an adapter's actual rank within the reserved one. Null = all.
    /// 1x1 windows only. The sums' bytes depend on the rank, never on the channels reserved; at 0 the segment adds nothing.
    /// </summary>
    public int* Rank;

    /// <summary>Factors of this segment's sums, before it is added to the others; all segments of one layer have the same list. Null = none.</summary>
    public GemmColumnFactor[]? Factors;

    /// <summary>Current length of the sums.</summary>
    /// <exception cref="ArgumentException">The rank is negative or above the reserved one, or the window has no rank.</exception>
    public readonly int DepthInUse()
    {
        if (Rank == null)
            return Weights.Depth;
        int rank = *Rank;
        if (Kernel != 1)
            throw new ArgumentException($"A segment with a {Kernel}x{Kernel} window has no rank: only a 1x1 window's channels can be fewer at run time.");
        if (rank < 0 || rank > Weights.Depth)
            throw new ArgumentException($"An adapter's rank is {rank}, but its layer supports ranks of 0 to {Weights.Depth}: reserve more, or merge it.");
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
