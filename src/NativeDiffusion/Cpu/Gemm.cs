namespace NativeDiffusion.Cpu;

/// <summary>
/// y = epilogue(Σ over segments of rows · weightsᵀ): the one matrix product under <see cref="Conv2d"/> and <see cref="Linear"/>.
/// Blocked after Goto and van de Geijn 2008 (Anatomy of High-Performance Matrix Multiplication): a block of gathered rows stays in
/// the second-level cache, a panel of weights passes through the first, a tile of sums is in registers. Blocks of rows × panels are
/// handed out to the workers; no sum depends on how.
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
        var product = new GemmProduct(segments, epilogue, y, yStride, outputs);
        bool phases = segments[0].Weights.Form == ConvolutionForm.Phases;
        int rows = checked(batch * outHeight * outWidth) / (phases ? 4 : 1);
        (int rowBlock, int panelBlock) = Split(rows, product.Panels, phases ? 4 : 1, product.Depth, workers.Count);
        int rowBlocks = (rows + rowBlock - 1) / rowBlock;
        int panelBlocks = (product.Panels + panelBlock - 1) / panelBlock;
        workers.Run(rowBlocks * panelBlocks * (phases ? 4 : 1), (item, worker) =>
        {
            // Neighbouring items share their weights, which are the larger stream.
            int firstRow = item % rowBlocks * rowBlock;
            int firstPanel = item / rowBlocks % panelBlocks * panelBlock;
            int phase = item / rowBlocks / panelBlocks;
            int rowCount = Math.Min(rowBlock, rows - firstRow);
            int panelCount = Math.Min(panelBlock, product.Panels - firstPanel);
            int tiles = (rowCount + GemmKernel.Rows - 1) / GemmKernel.Rows;
            int lineFloats = rowCount * GemmPacking.LineStride;
            int sumFloats = (product.KeepsSums ? tiles * panelCount : 1) * GemmKernel.TileSize;
            float* lines = workers.Scratch(worker, lineFloats + sumFloats + (rowCount * GemmRows.IntsPerRow));
            float* sums = lines + lineFloats;
            int* memory = (int*)(sums + sumFloats);
            GemmRows block = phases
                ? GemmRows.Phase(memory, firstRow, rowCount, outHeight, outWidth, phase)
                : GemmRows.Raster(memory, firstRow, rowCount, outHeight, outWidth);
            product.Run(block, phase, firstPanel, panelCount, lines, sums, begun: false);
        });
    }

    private static (int Rows, int Panels) Split(int rows, int panels, int phases, long depth, int workers)
    {
        int rowBlocks = (rows + RowBlock - 1) / RowBlock;
        int panelBlocks = (panels + PanelBlock - 1) / PanelBlock;
        long work = rows * panels * PackedMatrix.PanelWidth * phases * depth;
        long wanted = workers == 1 ? 1 : Math.Min(workers * ItemsPerWorker, work / CpuWorkers.LeastWork);
        while (rowBlocks * panelBlocks * phases < wanted && panelBlocks < panels)
            panelBlocks++;
        int tiles = (rows + GemmKernel.Rows - 1) / GemmKernel.Rows;
        while (rowBlocks * panelBlocks * phases < wanted && rowBlocks < tiles)
            rowBlocks++;
        int rowBlock = (tiles + rowBlocks - 1) / rowBlocks * GemmKernel.Rows;
        return (rowBlock, (panels + panelBlocks - 1) / panelBlocks);
    }
}
