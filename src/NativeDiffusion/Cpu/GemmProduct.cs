using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// One matrix product: its segments cut into depth blocks, and where its sums go. A block of rows × panels is computed by one worker.
/// Order of accumulation (the same on every machine): depth in blocks of at most <see cref="GemmPacking.MaxDepth"/> that never
/// cross a segment, within a block one chain of fused multiply-adds from zero, blocks added in order.
/// </summary>
internal sealed unsafe class GemmProduct
{
    private readonly GemmSegment[] _segments;
    private readonly DepthBlock[] _blocks;
    private readonly GemmEpilogue _epilogue;
    private readonly float* _y;
    private readonly int _yStride;
    private readonly int _outputs;

    /// <summary>Segments in Winograd's form are left out: their sums come first, from <see cref="Winograd"/>.</summary>
    public GemmProduct(ReadOnlySpan<GemmSegment> segments, in GemmEpilogue epilogue, float* y, int yStride, int outputs)
    {
        _segments = segments.ToArray();
        _blocks = DepthBlocks(_segments, outputs);
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

    /// <summary>Whether there is nothing to add to sums that were begun elsewhere.</summary>
    public bool IsEmpty => _blocks.Length == 0;

    /// <summary>Whether sums wait in memory between depth blocks; else one tile is enough.</summary>
    public bool KeepsSums => _blocks.Length > 1;

    /// <summary>Computes the rows' outputs of some panels and writes them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="phase">Whose matrix a segment in phase form takes.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panelCount">Panels.</param>
    /// <param name="lines">Scratch, Count lines of <see cref="GemmPacking"/>.</param>
    /// <param name="sums">Scratch [panel][tile][<see cref="GemmKernel.TileSize"/>]; one tile unless <see cref="KeepsSums"/> or
    /// <paramref name="begun"/>.</param>
    /// <param name="begun">Whether sums hold something already.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(in GemmRows rows, int phase, int firstPanel, int panelCount, float* lines, float* sums, bool begun)
    {
        int tiles = (rows.Count + GemmKernel.Rows - 1) / GemmKernel.Rows;
        bool keeps = KeepsSums || begun;
        for (int b = 0; b < _blocks.Length; b++)
        {
            DepthBlock block = _blocks[b];
            bool last = b == _blocks.Length - 1;
            GemmPacking.Pack(_segments[block.Segment], block.Depth, block.Count, rows, lines);
            for (int p = 0; p < panelCount; p++)
            {
                float* panel = Panel(block, firstPanel + p, phase);
                // The next panel comes from memory while this one is at work, its lines spread over the tiles.
                float* next = p + 1 < panelCount ? Panel(block, firstPanel + p + 1, phase) : last ? panel : Panel(_blocks[b + 1], firstPanel, phase);
                int step = (PackedMatrix.PanelWidth + tiles - 1) / tiles;
                for (int t = 0; t < tiles; t++)
                {
                    int row = t * GemmKernel.Rows;
                    int count = Math.Min(GemmKernel.Rows, rows.Count - row);
                    float* tile = sums + (keeps ? (((long)p * tiles) + t) * GemmKernel.TileSize : 0);
                    if (last)
                        Prefetch(rows, row, count, firstPanel + p);
                    GemmKernel.Multiply<LineLayout>(
                        lines + ((long)row * GemmPacking.LineStride), 1, panel, block.Count, tile, count, b > 0
                            || begun, next + ((long)t * step * block.Count), step);
                    if (last)
                        Write(tile, rows, row, count, firstPanel + p);
                }
            }
        }
    }

    /// <summary>Applies the epilogue to finished sums of rows <paramref name="row"/> … and writes them.</summary>
    public void Write(float* tile, in GemmRows rows, int row, int count, int panel) =>
        GemmStore.Write(tile, rows, row, count, panel, _epilogue, _y, _yStride, _outputs);

    /// <summary>Asks for the lines that Write will touch.</summary>
    public void Prefetch(in GemmRows rows, int row, int count, int panel) => GemmStore.Prefetch(rows, row, count, panel, _epilogue, _y, _yStride);

    private float* Panel(DepthBlock block, int panel, int phase)
    {
        PackedMatrix weights = _segments[block.Segment].Weights;
        return weights.Panel(panel, weights.Form == ConvolutionForm.Phases ? phase : 0) + ((long)block.Depth * PackedMatrix.PanelWidth);
    }

    // Even blocks: 640 channels and a rest become equal parts. A function of the depth alone.
    private static DepthBlock[] DepthBlocks(GemmSegment[] segments, int outputs)
    {
        var blocks = new List<DepthBlock>();
        for (int s = 0; s < segments.Length; s++)
        {
            PackedMatrix weights = segments[s].Weights;
            Debug.Assert(weights.Outputs == outputs, "The weights fit the product.");
            if (weights.Form == ConvolutionForm.Winograd)
                continue;
            int depth = weights.Depth;
            Debug.Assert(depth % segments[s].Channels == 0, "The weights fit the segment.");
            int count = (depth + GemmPacking.MaxDepth - 1) / GemmPacking.MaxDepth;
            int length = ((depth + count - 1) / count + 7) & ~7;
            for (int start = 0; start < depth; start += length)
                blocks.Add(new DepthBlock(s, start, Math.Min(length, depth - start)));
        }

        return [.. blocks];
    }

    private readonly record struct DepthBlock(int Segment, int Depth, int Count);
}
