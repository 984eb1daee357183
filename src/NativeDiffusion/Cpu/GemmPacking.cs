using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// Gathers a block of the left matrix into lines of floats. NHWC keeps the channels of a pixel together, so a convolution's
/// window (implicit im2col) is a handful of contiguous runs a row; padding becomes zeros here and the inner loop has no branch.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Longest depth block: SD1.5's depths are multiples of 320, and a panel of 40 KB streams from the second-level cache at full speed.</summary>
    public const int MaxDepth = 320;

    /// <summary>Floats between two lines: a cache line more than the longest block, so that lines do not fall into the same cache sets.</summary>
    public const int LineStride = MaxDepth + 16;

    private const int Lanes = 16;

    /// <summary>Writes depths <paramref name="depth"/> … + <paramref name="count"/> - 1 of the rows (pixels of the output) into lines.</summary>
    public static void Pack(in GemmSegment segment, int depth, int count, int firstRow, int rows, int outHeight, int outWidth, float* lines)
    {
        int channels = segment.Channels;
        int done = 0;
        while (done < count)
        {
            int tap = (depth + done) / channels;
            int channel = (depth + done) % channels;
            int run = Math.Min(channels - channel, count - done);
            PackRun(segment, tap / segment.Kernel, tap % segment.Kernel, channel, run, firstRow, rows, outHeight, outWidth, lines + done);
            done += run;
        }
    }

    private static void PackRun(
        in GemmSegment segment, int tapY, int tapX, int channel, int run, int firstRow, int rows, int outHeight, int outWidth, float* lines)
    {
        int virtualHeight = segment.VirtualHeight > 0 ? segment.VirtualHeight : segment.Height;
        int virtualWidth = segment.VirtualWidth > 0 ? segment.VirtualWidth : segment.Width;
        bool upsampled = virtualHeight != segment.Height || virtualWidth != segment.Width;
        (int y, int x) = Math.DivRem(firstRow, outWidth);
        (int image, y) = Math.DivRem(y, outHeight);
        for (int row = 0; row < rows; row++)
        {
            float* line = lines + ((long)row * LineStride);
            int sourceY = (y * segment.Stride) - segment.PadTop + tapY;
            int sourceX = (x * segment.Stride) - segment.PadLeft + tapX;
            // One unsigned comparison says inside or outside on both ends.
            if ((uint)sourceY < (uint)virtualHeight && (uint)sourceX < (uint)virtualWidth)
            {
                if (upsampled)
                {
                    sourceY = (int)((long)sourceY * segment.Height / virtualHeight);
                    sourceX = (int)((long)sourceX * segment.Width / virtualWidth);
                }

                long pixel = ((((long)image * segment.Height) + sourceY) * segment.Width) + sourceX;
                Copy(segment.X + (pixel * segment.PixelStride) + channel, line, run);
            }
            else
            {
                new Span<float>(line, run).Clear();
            }

            if (++x == outWidth)
            {
                x = 0;
                if (++y == outHeight)
                {
                    y = 0;
                    image++;
                }
            }
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
            // The last vector overlaps the one before; runs shorter than a vector go one by one.
            if (count >= Lanes)
            {
                Vector512.Load(from + count - Lanes).Store(to + count - Lanes);
                return;
            }

            for (; i < count; i++)
                to[i] = from[i];
        }
    }
}
