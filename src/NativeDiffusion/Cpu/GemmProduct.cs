using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>
/// One matrix product: its segments split into depth blocks, and the destination of its sums. A block of rows × panels is computed by one worker.
/// Order of accumulation (the same on every machine): depth in blocks of at most <see cref="GemmPacking.MaxDepth"/> that never
/// cross a segment, within a block one chain of fused multiply-adds from zero, blocks added in order, each times its segment's factors if there are
/// any. A segment of a range of columns has no blocks in the other panels, one of rank 0 none at all.
/// </summary>
internal sealed unsafe class GemmProduct
{
    private readonly GemmSegment[] _segments;
    private readonly DepthBlock[] _blocks;
    private readonly GemmEpilogue _epilogue;
    private readonly float* _y;
    private readonly int _yStride;
    private readonly int _outputs;

    /// <summary>Segments in Winograd's form are excluded: their sums are computed first, by <see cref="Winograd"/>.</summary>
    public GemmProduct(ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int outputs)
    {
        _segments = segments.ToArray();
        _blocks = DepthBlocks(_segments, outputs, epilogue);
        _epilogue = epilogue;
        _y = y;
        _yStride = yStride;
        _outputs = outputs;
        Panels = (outputs + PackedMatrix.PanelWidth - 1) / PackedMatrix.PanelWidth;
    }

    /// <summary>Panels of outputs.</summary>
    public int Panels { get; }

    /// <summary>Multiply-adds of one sum.</summary>
    public long Depth => _blocks.Sum(block => (long)block.Count);

    /// <summary>Whether there is nothing to add to previously started sums.</summary>
    public bool IsEmpty => _blocks.Length == 0;

    /// <summary>Whether anything is added to a panel's previously started sums; else they are complete.</summary>
    public bool AddsTo(int panel) => LastBlock(panel) >= 0;

    /// <summary>Whether sums are stored between depth blocks; else one tile is sufficient.</summary>
    public bool KeepsSums => _blocks.Length > 1;

    /// <summary>Computes the rows' outputs of some panels and writes them; of previously started sums those of panels that it <see cref="AddsTo"/>.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="phase">The phase whose matrix a segment in phase form uses.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panelCount">Panels.</param>
    /// <param name="lines">Scratch, Count lines of <see cref="GemmPacking"/>.</param>
    /// <param name="sums">Scratch [panel][tile][<see cref="GemmKernel.TileSize"/>]; one tile unless <see cref="KeepsSums"/> or
    /// <paramref name="begun"/>.</param>
    /// <param name="begun">Whether the sums were started previously.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(in GemmRows rows, int phase, int firstPanel, int panelCount, float* lines, float* sums, bool begun)
    {
        int tiles = (rows.Count + GemmKernel.Rows - 1) / GemmKernel.Rows;
        bool keeps = KeepsSums || begun;
        int end = firstPanel + panelCount;
        for (int b = 0; b < _blocks.Length; b++)
        {
            DepthBlock block = _blocks[b];
            // The panels that the block's segment contributes to.
            int blockFirst = Math.Max(firstPanel, block.FirstPanel), blockEnd = Math.Min(end, block.EndPanel);
            if (blockFirst >= blockEnd)
                continue;
            GemmColumnFactor[]? factors = _segments[block.Segment].Factors;
            GemmPacking.Pack(_segments[block.Segment], block.Depth, block.Count, rows, lines);
            for (int p = blockFirst; p < blockEnd; p++)
            {
                bool last = b == LastBlock(p);
                bool scaled = GemmColumnFactor.Touch(factors, p);
                float* panel = Panel(block, p, phase);
                // The next panel is prefetched during the current one, its lines spread over the tiles.
                float* next = p + 1 < blockEnd ? Panel(block, p + 1, phase)
                    : b + 1 == _blocks.Length ? panel
                    : Panel(_blocks[b + 1], Math.Max(firstPanel, _blocks[b + 1].FirstPanel), phase);
                int step = (PackedMatrix.PanelWidth + tiles - 1) / tiles;
                for (int t = 0; t < tiles; t++)
                {
                    int row = t * GemmKernel.Rows;
                    int count = Math.Min(GemmKernel.Rows, rows.Count - row);
                    float* tile = sums + (keeps ? (((long)(p - firstPanel) * tiles) + t) * GemmKernel.TileSize : 0);
                    float* a = lines + ((long)row * GemmPacking.LineStride), ahead = next + ((long)t * step * block.Count);
                    if (last)
                        Prefetch(rows, row, count, p);
                    if (scaled)
                        MultiplyScaled(a, panel, block.Count, tile, rows, row, count, p, factors!, b > 0 || begun, ahead, step);
                    else
                        GemmKernel.Multiply<LineLayout>(a, 1, panel, block.Count, tile, count, b > 0 || begun, ahead, step);
                    if (last)
                        Write(tile, rows, row, count, p);
                }
            }
        }
    }

    /// <summary>Applies the epilogue to complete sums of rows <paramref name="row"/> … and writes them.</summary>
    public void Write(float* tile, in GemmRows rows, int row, int count, int panel) =>
        GemmStore.Write(tile, rows, row, count, panel, _epilogue, _y, _yStride, _outputs);

    /// <summary>Prefetches the lines that Write will touch.</summary>
    public void Prefetch(in GemmRows rows, int row, int count, int panel) => GemmStore.Prefetch(rows, row, count, panel, _epilogue, _y, _yStride);

    private float* Panel(DepthBlock block, int panel, int phase)
    {
        PackedMatrix weights = _segments[block.Segment].Weights;
        return weights.Panel(panel, weights.Form == ConvolutionForm.Phases ? phase : 0) + ((long)block.Depth * PackedMatrix.PanelWidth);
    }

    // The last block that contributes to a panel: after it the sums are written. -1 = none.
    private int LastBlock(int panel)
    {
        int b = _blocks.Length - 1;
        while (b >= 0 && (panel < _blocks[b].FirstPanel || panel >= _blocks[b].EndPanel))
            b--;
        return b;
    }

    // The chain alone, then multiplied by its factors into the tile.
    private static void MultiplyScaled(
        float* lines, float* panelWeights, int depth, float* tile, in GemmRows rows, int row, int count, int panel, GemmColumnFactor[] factors,
            bool accumulate, float* ahead, int step)
    {
        float* chains = stackalloc float[GemmKernel.TileSize];
        GemmKernel.Multiply<LineLayout>(lines, 1, panelWeights, depth, chains, count, accumulate: false, ahead, step);
        GemmColumnFactor.Apply(factors, rows, row, count, panel, chains, tile, accumulate);
    }

    // Equal blocks: 640 channels and a remainder become equal parts. A function of the depth alone.
    private static DepthBlock[] DepthBlocks(GemmSegment[] segments, int outputs, in GemmEpilogue epilogue)
    {
        var blocks = new List<DepthBlock>();
        for (int s = 0; s < segments.Length; s++)
        {
            PackedMatrix weights = segments[s].Weights;
            AssertFits(segments[s], outputs, epilogue);
            int depth = segments[s].DepthInUse();
            if (weights.Form == ConvolutionForm.Winograd)
                continue;
            int count = (depth + GemmPacking.MaxDepth - 1) / GemmPacking.MaxDepth;
            int length = depth == 0 ? 1 : ((depth + count - 1) / count + 7) & ~7;
            for (int start = 0; start < depth; start += length)
                blocks.Add(new DepthBlock(s, start, Math.Min(length, depth - start), weights.FirstPanel, weights.EndPanel));
        }

        return [.. blocks];
    }

    [Conditional("DEBUG")]
    private static void AssertFits(in GemmSegment segment, int outputs, in GemmEpilogue epilogue)
    {
        PackedMatrix weights = segment.Weights;
        bool isGated = epilogue.Activation == Activation.GeGlu;
        Debug.Assert(weights.Depth % segment.Channels == 0, "The weights fit the segment.");
        Debug.Assert(
            weights.Columns is { } columns ? columns.Outputs == outputs && columns.IsGated == isGated
            : epilogue.Rank == null ? weights.Outputs == outputs : weights.Outputs >= outputs,
            "The weights fit the product.");
        foreach (ref readonly GemmColumnFactor factor in segment.Factors.AsSpan())
            Debug.Assert(factor.Columns.Outputs == outputs && factor.Columns.IsGated == isGated, "The factors fit the product.");
    }

    private readonly record struct DepthBlock(int Segment, int Depth, int Count, int FirstPanel, int EndPanel);
}
