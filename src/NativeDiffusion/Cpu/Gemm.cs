using System.Diagnostics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// y = epilogue(Σ over segments of rows · weightsᵀ): the one matrix product under <see cref="Conv2d"/> and <see cref="Linear"/>.
/// Blocked after Goto and van de Geijn 2008 (Anatomy of High-Performance Matrix Multiplication): a block of gathered rows stays in
/// the second-level cache, a panel of weights in the first, a tile of sums in registers.
/// Order of accumulation (the same on every machine): depth in blocks of at most <see cref="GemmPacking.MaxDepth"/> that never
/// cross a segment, within a block one chain of fused multiply-adds from zero, blocks added in order.
/// </summary>
internal static unsafe class Gemm
{
    // Rows of a block: 226 KB of lines, and with PanelBlock 215 KB of sums, in a second-level cache of 512 KB or more.
    private const int RowBlock = 168;
    private const int PanelBlock = 10;

    // Every thread should meet several items, so that one slow core does not hold up the others.
    private const int ItemsPerWorker = 4;

    /// <summary>Rows are the pixels [batch, outHeight, outWidth] of the output, <paramref name="yStride"/> floats apart.</summary>
    public static void Forward(
        CpuWorkers workers, ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int batch, int outHeight, int outWidth, int outputs)
    {
        Debug.Assert(segments.Length > 0, "A product has at least one segment.");
        GemmSegment[] sources = segments.ToArray();
        GemmEpilogue finish = epilogue;
        DepthBlock[] blocks = DepthBlocks(sources, outputs);
        int rows = checked(batch * outHeight * outWidth);
        int panels = sources[0].Weights.Panels;

        (int rowBlock, int panelBlock) = Split(rows, panels, workers.Count);
        int rowBlocks = (rows + rowBlock - 1) / rowBlock;
        int panelBlocks = (panels + panelBlock - 1) / panelBlock;
        workers.Run(rowBlocks * panelBlocks, (item, worker) =>
        {
            // Neighbouring items share their weights, which are the larger stream.
            int firstRow = item % rowBlocks * rowBlock;
            int firstPanel = item / rowBlocks * panelBlock;
            int rowCount = Math.Min(rowBlock, rows - firstRow);
            int panelCount = Math.Min(panelBlock, panels - firstPanel);
            int tiles = (rowCount + GemmKernel.Rows - 1) / GemmKernel.Rows;
            int lineFloats = rowCount * GemmPacking.LineStride;
            float* lines = workers.Scratch(worker, lineFloats + ((long)tiles * panelCount * GemmKernel.TileSize));
            float* sums = lines + lineFloats;
            for (int b = 0; b < blocks.Length; b++)
            {
                DepthBlock block = blocks[b];
                GemmSegment source = sources[block.Segment];
                bool last = b == blocks.Length - 1;
                GemmPacking.Pack(source, block.Depth, block.Count, firstRow, rowCount, outHeight, outWidth, lines);
                for (int p = 0; p < panelCount; p++)
                {
                    float* panel = Panel(sources, block, firstPanel + p);
                    // The next panel comes from memory while this one is at work, its lines spread over the tiles.
                    float* next = p + 1 < panelCount ? Panel(sources, block, firstPanel + p + 1) : last ? panel : Panel(sources, blocks[b + 1], firstPanel);
                    int step = (PackedMatrix.PanelWidth + tiles - 1) / tiles;
                    for (int t = 0; t < tiles; t++)
                    {
                        int tileRow = t * GemmKernel.Rows;
                        int tileRows = Math.Min(GemmKernel.Rows, rowCount - tileRow);
                        // A product of one block is finished where it is made: one tile of sums is enough.
                        float* tile = sums + (blocks.Length == 1 ? 0 : (((long)p * tiles) + t) * GemmKernel.TileSize);
                        if (last)
                            GemmStore.Prefetch(tileRows, firstRow + tileRow, firstPanel + p, finish, y, yStride);
                        GemmKernel.Multiply<LineLayout>(
                            lines + ((long)tileRow * GemmPacking.LineStride), 1, panel, block.Count, tile, tileRows, accumulate: b > 0, next + ((long)t * step * block.Count), step);
                        if (last)
                            GemmStore.Write(tile, tileRows, firstRow + tileRow, firstPanel + p, finish, y, yStride, outHeight * outWidth, outputs);
                    }
                }
            }
        });
    }

    private static float* Panel(GemmSegment[] sources, DepthBlock block, int panel) =>
        sources[block.Segment].Weights.Panel(panel) + ((long)block.Depth * PackedMatrix.PanelWidth);

    // Even blocks: 640 channels and a rest become equal parts. A function of the depth alone.
    private static DepthBlock[] DepthBlocks(GemmSegment[] segments, int outputs)
    {
        var blocks = new List<DepthBlock>();
        for (int s = 0; s < segments.Length; s++)
        {
            int depth = segments[s].Kernel * segments[s].Kernel * segments[s].Channels;
            Debug.Assert(segments[s].Weights.Depth == depth && segments[s].Weights.Outputs == outputs, "The weights fit the segment.");
            int count = (depth + GemmPacking.MaxDepth - 1) / GemmPacking.MaxDepth;
            int length = ((depth + count - 1) / count + 7) & ~7;
            for (int start = 0; start < depth; start += length)
                blocks.Add(new DepthBlock(s, start, Math.Min(length, depth - start)));
        }

        return [.. blocks];
    }

    // Only the distribution of work: no sum depends on it.
    private static (int Rows, int Panels) Split(int rows, int panels, int workers)
    {
        int rowBlocks = (rows + RowBlock - 1) / RowBlock;
        int panelBlocks = (panels + PanelBlock - 1) / PanelBlock;
        int wanted = workers == 1 ? 1 : workers * ItemsPerWorker;
        while (rowBlocks * panelBlocks < wanted && panelBlocks < panels)
            panelBlocks++;
        int tiles = (rows + GemmKernel.Rows - 1) / GemmKernel.Rows;
        while (rowBlocks * panelBlocks < wanted && rowBlocks < tiles)
            rowBlocks++;
        int rowBlock = (tiles + rowBlocks - 1) / rowBlocks * GemmKernel.Rows;
        return (rowBlock, (panels + panelBlocks - 1) / panelBlocks);
    }

    private readonly record struct DepthBlock(int Segment, int Depth, int Count);
}
