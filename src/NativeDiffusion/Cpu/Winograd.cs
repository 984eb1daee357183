using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// 3x3 convolution of stride 1 as F(2x2, 3x3): each 2x2 square of outputs is computed from a 4x4 patch of inputs with 16 products instead of 36.
/// A block of squares stays in cache through all steps: patches are transformed, 16 matrix products are summed over the channels of
/// all segments in this form, transformed back, and added to the sums of plain segments and the epilogue of <see cref="GemmProduct"/>.
/// Order of accumulation: channels in blocks of at most <see cref="WinogradTransform.MaxDepth"/> that never cross a segment, within a block
/// one chain of fused multiply-adds from zero, blocks added in order. The segments' factors, the same for all in this form, multiply the pixels' sums.
/// </summary>
internal static unsafe class Winograd
{
    // Squares of a block: two tiles of rows. 270 KB of transformed patches and, with PanelBlock, 490 KB of products.
    private const int SquareBlock = 2 * GemmKernel.Rows;
    private const int PanelBlock = 10;
    private const int ItemsPerWorker = 4;

    /// <summary>Output pixels [batch, outHeight, outWidth], <paramref name="yStride"/> floats apart.</summary>
    public static void Convolve(
        CpuWorkers workers, ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int batch, int outHeight, int outWidth,
            int outputs)
    {
        outputs = epilogue.OutputsInUse(outputs);
        if (outputs == 0)
            return;
        var product = new GemmProduct(segments, epilogue, y, yStride, outputs);
        ChannelBlock[] blocks = ChannelBlocks(segments);
        GemmColumnFactor[]? factors = segments[blocks[0].Segment].Factors;
        GemmSegment[] sources = segments.ToArray();
        int squares = checked(batch * ((outHeight + 1) / 2) * ((outWidth + 1) / 2));
        int channels = blocks.Sum(block => block.Count);
        int squareBlocks = (squares + SquareBlock - 1) / SquareBlock;
        int panelBlocks = (product.Panels + PanelBlock - 1) / PanelBlock;
        while (squareBlocks * panelBlocks < workers.Count * ItemsPerWorker && panelBlocks < product.Panels)
            panelBlocks++;
        int panelBlock = (product.Panels + panelBlocks - 1) / panelBlocks;
        workers.Run(squareBlocks * panelBlocks, (item, worker) =>
        {
            int first = item % squareBlocks * SquareBlock;
            int count = Math.Min(SquareBlock, squares - first);
            int firstPanel = item / squareBlocks * panelBlock;
            int panelCount = Math.Min(panelBlock, product.Panels - firstPanel);
            var scratch = new Scratch(workers, worker, count, panelCount, product.IsEmpty);
            GemmRows rows = GemmRows.Squares(scratch.Rows, first, count, outHeight, outWidth);
            for (int b = 0; b < blocks.Length; b++)
            {
                ref readonly GemmSegment source = ref sources[blocks[b].Segment];
                Gather(source, blocks[b], rows, count, scratch);
                float* after = b + 1 < blocks.Length ? Matrix(sources[blocks[b + 1].Segment], blocks[b + 1], firstPanel, 0) : null;
                Multiply(source, blocks[b], firstPanel, panelCount, count, scratch, accumulate: b > 0, after);
            }

            Finish(product, factors, rows, firstPanel, panelCount, count, scratch);
        }, WinogradTransform.Points * (long)squares * channels * outputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(in GemmSegment source, ChannelBlock block, in GemmRows rows, int count, in Scratch scratch)
    {
        float** patch = stackalloc float*[WinogradTransform.Points];
        for (int square = 0; square < count; square++)
        {
            int top = rows.Y[4 * square] - source.PadTop;
            int left = rows.X[4 * square] - source.PadLeft;
            long image = (long)rows.Image[4 * square] * source.Height;
            for (int i = 0; i < WinogradTransform.Points; i++)
            {
                int y = top + (i / 4);
                int x = left + (i % 4);
                bool inside = (uint)y < (uint)source.Height && (uint)x < (uint)source.Width;
                // Outside the picture a patch reads a line of zeros.
                patch[i] = inside ? source.X + ((((image + y) * source.Width) + x) * source.PixelStride) + block.Channel : scratch.Zeros;
            }

            WinogradTransform.Input(patch, block.Count, scratch.Lines + (square * WinogradTransform.LineStride), (long)count * WinogradTransform.LineStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(
        in GemmSegment source, ChannelBlock block, int firstPanel, int panelCount, int count, in Scratch scratch, bool accumulate, float* after)
    {
        int tiles = (count + GemmKernel.Rows - 1) / GemmKernel.Rows;
        int step = (PackedMatrix.PanelWidth + tiles - 1) / tiles;
        for (int p = 0; p < panelCount; p++)
        {
            for (int point = 0; point < WinogradTransform.Points; point++)
            {
                float* panel = Matrix(source, block, firstPanel + p, point);
                // The next matrix is prefetched during the current one.
                float* next = point + 1 < WinogradTransform.Points ? Matrix(source, block, firstPanel + p, point + 1)
                    : p + 1 < panelCount ? Matrix(source, block, firstPanel + p + 1, 0)
                    : after == null ? panel : after;
                for (int t = 0; t < tiles; t++)
                {
                    int row = t * GemmKernel.Rows;
                    float* lines = scratch.Lines + ((((long)point * count) + row) * WinogradTransform.LineStride);
                    float* tile = scratch.Products + ((((((long)p * WinogradTransform.Points) + point) * tiles) + t) * GemmKernel.TileSize);
                    GemmKernel.Multiply<WinogradLayout>(
                        lines, 1, panel, block.Count, tile, Math.Min(GemmKernel.Rows, count - row), accumulate, next + ((long)t * step * block.Count), step);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(
        GemmProduct product, GemmColumnFactor[]? factors, in GemmRows rows, int firstPanel, int panelCount, int count, in Scratch scratch)
    {
        int tiles = (count + GemmKernel.Rows - 1) / GemmKernel.Rows;
        int pixelTiles = (rows.Count + GemmKernel.Rows - 1) / GemmKernel.Rows;
        for (int p = 0; p < panelCount; p++)
        {
            float* pixels = scratch.Pixels + (product.IsEmpty ? 0 : (long)p * pixelTiles * GemmKernel.TileSize);
            float* products = scratch.Products + ((long)p * WinogradTransform.Points * tiles * GemmKernel.TileSize);
            product.Prefetch(rows, 0, rows.Count, firstPanel + p);
            // Lines of tiles are contiguous: a square's line is its index, independent of the tile.
            for (int square = 0; square < count; square++)
            {
                WinogradTransform.Output(
                    products + (square * PackedMatrix.PanelWidth), (long)tiles * GemmKernel.TileSize, pixels + (4L * square * PackedMatrix.PanelWidth));
            }

            if (GemmColumnFactor.Touch(factors, firstPanel + p))
                GemmColumnFactor.Apply(factors!, rows, 0, rows.Count, firstPanel + p, pixels, pixels, accumulate: false);
            if (product.AddsTo(firstPanel + p))
                continue;
            for (int row = 0; row < rows.Count; row += GemmKernel.Rows)
                product.Write(pixels + ((long)row * PackedMatrix.PanelWidth), rows, row, Math.Min(GemmKernel.Rows, rows.Count - row), firstPanel + p);
        }

        if (!product.IsEmpty)
            product.Run(rows, 0, firstPanel, panelCount, scratch.PlainLines, scratch.Pixels, begun: true);
    }

    private static float* Matrix(in GemmSegment source, ChannelBlock block, int panel, int point) =>
        source.Weights.Panel(panel, point) + ((long)block.Channel * PackedMatrix.PanelWidth);

    private static ChannelBlock[] ChannelBlocks(ReadOnlySpan<GemmSegment> segments)
    {
        var blocks = new List<ChannelBlock>();
        for (int s = 0; s < segments.Length; s++)
        {
            GemmSegment segment = segments[s];
            if (segment.Weights.Form != ConvolutionForm.Winograd)
                continue;
            if (blocks.Count > 0 && segment.Factors != segments[blocks[0].Segment].Factors)
                throw new ArgumentException("All 3x3 segments of a product belong to one layer: give them the same list of factors.");
            Debug.Assert(segment is { Kernel: 3, Stride: 1 } && segment.Channels % 16 == 0, "Conv2d.FormOf chose this form.");
            int count = (segment.Channels + WinogradTransform.MaxDepth - 1) / WinogradTransform.MaxDepth;
            int length = ((segment.Channels + count - 1) / count + 15) & ~15;
            for (int start = 0; start < segment.Channels; start += length)
                blocks.Add(new ChannelBlock(s, start, Math.Min(length, segment.Channels - start)));
        }

        return [.. blocks];
    }

    private readonly record struct ChannelBlock(int Segment, int Channel, int Count);

    /// <summary>The layout of a worker's memory for one block.</summary>
    private readonly ref struct Scratch
    {
        public Scratch(CpuWorkers workers, int worker, int squares, int panels, bool isEmpty)
        {
            int tiles = (squares + GemmKernel.Rows - 1) / GemmKernel.Rows;
            int rows = 4 * squares;
            long pixelTiles = (rows + GemmKernel.Rows - 1) / GemmKernel.Rows;
            long lines = (long)WinogradTransform.Points * squares * WinogradTransform.LineStride;
            long products = (long)WinogradTransform.Points * tiles * panels * GemmKernel.TileSize;
            long pixels = pixelTiles * GemmKernel.TileSize * (isEmpty ? 1 : panels);
            long plain = isEmpty ? 0 : (long)rows * GemmPacking.LineStride;
            Lines = workers.Scratch(worker, lines + products + pixels + plain + WinogradTransform.MaxDepth + (rows * GemmRows.IntsPerRow));
            Products = Lines + lines;
            Pixels = Products + products;
            PlainLines = Pixels + pixels;
            Zeros = PlainLines + plain;
            Rows = (int*)(Zeros + WinogradTransform.MaxDepth);
            new Span<float>(Zeros, WinogradTransform.MaxDepth).Clear();
        }

        /// <summary>[point][square][LineStride]: transformed patches.</summary>
        public float* Lines { get; }

        /// <summary>[panel][point][tile][TileSize]: sums of products.</summary>
        public float* Products { get; }

        /// <summary>[panel][tile][TileSize]: sums of pixels; one panel when nothing is added to them.</summary>
        public float* Pixels { get; }

        /// <summary>Lines of plain segments.</summary>
        public float* PlainLines { get; }

        /// <summary>A line of zeros.</summary>
        public float* Zeros { get; }

        /// <summary>Memory of the rows.</summary>
        public int* Rows { get; }
    }
}
