using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// Which pixels of the output the rows of a block are: in raster order, one phase of an upsampled picture, or the 2x2 squares of
/// Winograd's form. Computed once per block, read by the gathering of inputs and by the store.
/// </summary>
internal readonly unsafe struct GemmRows
{
    /// <summary>Scratch ints per row.</summary>
    public const int IntsPerRow = 4;

    private readonly int* _memory;
    private readonly int _capacity;

    private GemmRows(int* memory, int capacity, int count)
    {
        _memory = memory;
        _capacity = capacity;
        Count = count;
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>[Count]: the row's picture.</summary>
    public int* Image => _memory;

    /// <summary>[Count]: its row in the output picture.</summary>
    public int* Y => _memory + _capacity;

    /// <summary>[Count]: its column in the output picture.</summary>
    public int* X => _memory + (2 * _capacity);

    /// <summary>[Count]: its index in the output, or -1 for a row that is computed and not written (outside an odd picture).</summary>
    public int* Pixel => _memory + (3 * _capacity);

    /// <summary>Pixels <paramref name="first"/> … of the output in raster order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static GemmRows Raster(int* memory, int first, int count, int outHeight, int outWidth)
    {
        var rows = new GemmRows(memory, count, count);
        (int y, int x) = Math.DivRem(first, outWidth);
        (int image, y) = Math.DivRem(y, outHeight);
        for (int row = 0; row < count; row++)
        {
            rows.Set(row, image, y, x, first + row);
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

        return rows;
    }

    /// <summary>Every second pixel of every second row, from row phase / 2 and column phase % 2 on; output sizes are even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static GemmRows Phase(int* memory, int first, int count, int outHeight, int outWidth, int phase)
    {
        GemmRows rows = Raster(memory, first, count, outHeight / 2, outWidth / 2);
        for (int row = 0; row < count; row++)
        {
            int image = rows.Image[row];
            int y = (2 * rows.Y[row]) + (phase / 2);
            int x = (2 * rows.X[row]) + (phase % 2);
            rows.Set(row, image, y, x, (((image * outHeight) + y) * outWidth) + x);
        }

        return rows;
    }

    /// <summary>The four pixels of each 2x2 square from square <paramref name="first"/> on, squares in raster order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static GemmRows Squares(int* memory, int first, int count, int outHeight, int outWidth)
    {
        var rows = new GemmRows(memory, 4 * count, 4 * count);
        int across = (outWidth + 1) / 2;
        int down = (outHeight + 1) / 2;
        for (int square = 0; square < count; square++)
        {
            (int top, int left) = Math.DivRem(first + square, across);
            (int image, top) = Math.DivRem(top, down);
            for (int corner = 0; corner < 4; corner++)
            {
                int y = (2 * top) + (corner / 2);
                int x = (2 * left) + (corner % 2);
                bool inside = y < outHeight && x < outWidth;
                rows.Set((4 * square) + corner, image, y, x, inside ? (((image * outHeight) + y) * outWidth) + x : -1);
            }
        }

        return rows;
    }

    private void Set(int row, int image, int y, int x, int pixel)
    {
        Image[row] = image;
        Y[row] = y;
        X[row] = x;
        Pixel[row] = pixel;
    }
}
