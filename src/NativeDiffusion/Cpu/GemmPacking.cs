using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// Gathers a block of the left matrix into lines of floats. NHWC keeps the channels of a pixel together, so a convolution's
/// window (implicit im2col) is a few contiguous runs per row; padding becomes zeros here and the inner loop has no branch.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Longest depth block: SD1.5's depths are multiples of 320, and a panel of 40 KB streams from the L2 cache at full speed.</summary>
    public const int MaxDepth = 320;

    /// <summary>Floats between two lines: a cache line more than the longest block, so that lines do not map to the same cache sets.</summary>
    public const int LineStride = MaxDepth + 16;

    private const int Lanes = 16;

    /// <summary>Writes depths <paramref name="depth"/> … + <paramref name="count"/> - 1 of the rows into lines.</summary>
    public static void Pack(in GemmSegment segment, int depth, int count, in GemmRows rows, float* lines)
    {
        int channels = segment.Channels;
        int side = segment.Weights.Form == ConvolutionForm.Phases ? 2 : segment.Kernel;
        int done = 0;
        while (done < count)
        {
            int tap = (depth + done) / channels;
            int channel = (depth + done) % channels;
            int run = Math.Min(channels - channel, count - done);
            PackRun(segment, tap / side, tap % side, channel, run, rows, lines + done);
            done += run;
        }
    }

    /// <summary>Copies tens to hundreds of floats inline: a call to the runtime's memmove would cost as much as the copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* from, float* to, int count)
    {
        int i = 0;
        for (; i + Lanes <= count; i += Lanes)
            Vector512.Load(from + i).Store(to + i);
        if (i < count)
        {
            // The last vector overlaps the previous one; runs shorter than a vector are copied element by element.
            if (count >= Lanes)
            {
                Vector512.Load(from + count - Lanes).Store(to + count - Lanes);
                return;
            }

            for (; i < count; i++)
                to[i] = from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRun(in GemmSegment segment, int tapY, int tapX, int channel, int run, in GemmRows rows, float* lines)
    {
        bool phases = segment.Weights.Form == ConvolutionForm.Phases;
        int virtualHeight = phases || segment.VirtualHeight == 0 ? segment.Height : segment.VirtualHeight;
        int virtualWidth = phases || segment.VirtualWidth == 0 ? segment.Width : segment.VirtualWidth;
        bool upsampled = virtualHeight != segment.Height || virtualWidth != segment.Width;
        for (int row = 0; row < rows.Count; row++)
        {
            float* line = lines + ((long)row * LineStride);
            int y = rows.Y[row], x = rows.X[row];
            // A phase's 2x2 window begins one stored pixel before an even output, at the pixel itself for an odd one.
            int sourceY = phases ? (y / 2) + (y % 2) - 1 + tapY : (y * segment.Stride) - segment.PadTop + tapY;
            int sourceX = phases ? (x / 2) + (x % 2) - 1 + tapX : (x * segment.Stride) - segment.PadLeft + tapX;
            // One unsigned comparison checks both bounds.
            if ((uint)sourceY < (uint)virtualHeight && (uint)sourceX < (uint)virtualWidth)
            {
                if (upsampled)
                {
                    sourceY = (int)((long)sourceY * segment.Height / virtualHeight);
                    sourceX = (int)((long)sourceX * segment.Width / virtualWidth);
                }

                long pixel = ((((long)rows.Image[row] * segment.Height) + sourceY) * segment.Width) + sourceX;
                Copy(segment.X + (pixel * segment.PixelStride) + channel, line, run);
            }
            else
            {
                new Span<float>(line, run).Clear();
            }
        }
    }
}
