namespace NativeDiffusion.Cpu;

/// <summary>
/// y = epilogue(Σ over segments of rows · weightsᵀ): the matrix product that implements <see cref="Conv2d"/> and <see cref="Linear"/>.
/// Blocked after Goto and van de Geijn 2008 (Anatomy of High-Performance Matrix Multiplication): a block of gathered rows stays in
/// the L2 cache, a panel of weights streams through L1, a tile of sums is in registers. Blocks of rows × panels are
/// distributed to the workers; no sum depends on the distribution.
/// </summary>
internal static unsafe class Gemm
{
    // Row tiles of a block, 168 rows: 226 KB of lines, and with PanelBlock 215 KB of sums, in an L2 cache of 512 KB or more.
    private const int RowTiles = 14;
    private const int PanelBlock = 10;

    // Every thread should get several items, so that one slow core does not delay the others.
    private const int ItemsPerWorker = 4;

    /// <summary>Rows are the pixels [batch, outHeight, outWidth] of the output, <paramref name="yStride"/> floats apart.</summary>
    public static void Forward(
        CpuWorkers workers, ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int batch, int outHeight, int outWidth,
            int outputs)
    {
        if (segments[0].Rank != null || segments[0].Weights.Columns is not null)
            throw new ArgumentException("A product's first segment has all its columns and channels: adapters come after the layer's own segments.");
        outputs = epilogue.OutputsInUse(outputs);
        if (outputs == 0)
            return;
        var product = new GemmProduct(segments, epilogue, y, yStride, outputs);
        int phases = segments[0].Weights.Form == ConvolutionForm.Phases ? 4 : 1;
        int rows = checked(batch * outHeight * outWidth) / phases;
        int rowTiles = (rows + GemmKernel.Rows - 1) / GemmKernel.Rows;
        (int rowBlocks, int panelBlocks) = Split(rowTiles, product.Panels, phases, product.Depth, workers.Count);
        workers.Run(rowBlocks * panelBlocks * phases, (item, worker) =>
        {
            // Adjacent items share their weights, which are the larger stream.
            int rowBlock = item % rowBlocks;
            int panelBlock = item / rowBlocks % panelBlocks;
            int phase = item / rowBlocks / panelBlocks;
            int firstRow = Part(rowTiles, rowBlocks, rowBlock) * GemmKernel.Rows;
            int rowCount = Math.Min(rows, Part(rowTiles, rowBlocks, rowBlock + 1) * GemmKernel.Rows) - firstRow;
            int firstPanel = Part(product.Panels, panelBlocks, panelBlock);
            int panelCount = Part(product.Panels, panelBlocks, panelBlock + 1) - firstPanel;
            int tiles = (rowCount + GemmKernel.Rows - 1) / GemmKernel.Rows;
            int lineFloats = rowCount * GemmPacking.LineStride;
            int sumFloats = (product.KeepsSums ? tiles * panelCount : 1) * GemmKernel.TileSize;
            float* lines = workers.Scratch(worker, lineFloats + sumFloats + (rowCount * GemmRows.IntsPerRow));
            float* sums = lines + lineFloats;
            int* memory = (int*)(sums + sumFloats);
            GemmRows block = phases > 1
                ? GemmRows.Phase(memory, firstRow, rowCount, outHeight, outWidth, phase)
                : GemmRows.Raster(memory, firstRow, rowCount, outHeight, outWidth);
            product.Run(block, phase, firstPanel, panelCount, lines, sums, begun: false);
        });
    }

    // Start of part i of n; parts are as equal as whole tiles or panels allow.
    private static int Part(int count, int parts, int index) => (int)((long)count * index / parts);

    private static (int Rows, int Panels) Split(int rowTiles, int panels, int phases, long depth, int workers)
    {
        int rowBlocks = (rowTiles + RowTiles - 1) / RowTiles;
        int panelBlocks = (panels + PanelBlock - 1) / PanelBlock;
        long work = GemmKernel.TileSize * (long)rowTiles * panels * phases * depth;
        long wanted = workers == 1 ? 1 : Math.Min(workers * ItemsPerWorker, work / CpuWorkers.LeastWork);
        while (rowBlocks * panelBlocks * phases < wanted && panelBlocks < panels)
            panelBlocks++;
        while (rowBlocks * panelBlocks * phases < wanted && rowBlocks < rowTiles)
            rowBlocks++;
        // The same number of items for each: 25 on two workers would leave one idle for a 26th of the time.
        while (rowBlocks * panelBlocks * phases % workers != 0 && rowBlocks < rowTiles && wanted > 1)
            rowBlocks++;
        return (rowBlocks, panelBlocks);
    }
}
