using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// The state of a block of queries during the loop over tiles of keys: panels of 32 queries, each with its queries [d][32] and output
/// sums [d][32], running maxima and sums of weights, and one panel of scores [key][32] that never leaves the cache.
/// </summary>
internal readonly unsafe ref struct AttentionTile
{
    private const int Lanes = 16;
    private const int Queries = PackedMatrix.PanelWidth;

    private readonly int _headDim;
    private readonly int _keyTile;
    private readonly float* _queries;
    private readonly float* _output;
    private readonly float* _maximum;
    private readonly float* _sum;
    private readonly float* _scores;
    private readonly float* _keys;
    private readonly float* _values;

    /// <summary>Places the state in the worker's scratch memory.</summary>
    public AttentionTile(CpuWorkers workers, int worker, int panels, int headDim, int keyTile)
    {
        _headDim = headDim;
        _keyTile = keyTile;
        int panel = headDim * Queries;
        int chunks = (headDim + GemmPacking.MaxDepth - 1) / GemmPacking.MaxDepth;
        int keys = chunks * keyTile * GemmPacking.LineStride;
        _queries = workers.Scratch(worker, (panels * ((2L * panel) + (2 * Queries))) + (keyTile * Queries) + keys + ((long)keyTile * headDim));
        _output = _queries + ((long)panels * panel);
        _maximum = _output + ((long)panels * panel);
        _sum = _maximum + (panels * Queries);
        _scores = _sum + (panels * Queries);
        _keys = _scores + (keyTile * Queries);
        _values = _keys + keys;
    }

    /// <summary>Loads up to 32 queries, [query][d] → [d][query], times the factor; missing queries are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(int panel, float* q, int stride, int queries, float factor)
    {
        float* to = _queries + ((long)panel * _headDim * Queries);
        for (int d = 0; d < _headDim; d++)
        {
            for (int i = 0; i < queries; i++)
                to[(d * Queries) + i] = q[((long)i * stride) + d] * factor;
            for (int i = queries; i < Queries; i++)
                to[(d * Queries) + i] = 0;
        }

        new Span<float>(_output + ((long)panel * _headDim * Queries), _headDim * Queries).Clear();
        new Span<float>(_maximum + (panel * Queries), Queries).Fill(float.NegativeInfinity);
        new Span<float>(_sum + (panel * Queries), Queries).Clear();
    }

    /// <summary>Packs a tile of keys and values: keys as the kernel's lines (long heads in chunks of its depth), values contiguously.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(float* k, int kStride, float* v, int vStride, int count)
    {
        for (int key = 0; key < count; key++)
        {
            // A head is a short part of a long row, which hardware prefetchers miss: the next tile is prefetched while this one is used.
            for (int d = 0; d < _headDim; d += Lanes)
            {
                GemmKernel.Prefetch(k + ((long)(key + count) * kStride) + d);
                GemmKernel.Prefetch(v + ((long)(key + count) * vStride) + d);
            }

            for (int d = 0; d < _headDim; d += GemmPacking.MaxDepth)
            {
                float* line = _keys + ((((long)d / GemmPacking.MaxDepth * _keyTile) + key) * GemmPacking.LineStride);
                GemmPacking.Copy(k + ((long)key * kStride) + d, line, Math.Min(GemmPacking.MaxDepth, _headDim - d));
            }

            GemmPacking.Copy(v + ((long)key * vStride), _values + ((long)key * _headDim), _headDim);
        }
    }

    /// <summary>Adds the loaded keys to a panel. Query i attends to the keys up to i + <paramref name="visible"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int panel, int count, int visible)
    {
        float* queries = _queries + ((long)panel * _headDim * Queries);
        float* output = _output + ((long)panel * _headDim * Queries);
        for (int d = 0; d < _headDim; d += GemmPacking.MaxDepth)
        {
            float* keys = _keys + ((long)d / GemmPacking.MaxDepth * _keyTile * GemmPacking.LineStride);
            int depth = Math.Min(GemmPacking.MaxDepth, _headDim - d);
            for (int key = 0; key < count; key += GemmKernel.Rows)
            {
                GemmKernel.Multiply<LineLayout>(
                    keys + ((long)key * GemmPacking.LineStride), 1, queries + ((long)d * Queries), depth,
                    _scores + (key * Queries), Math.Min(GemmKernel.Rows, count - key), accumulate: d > 0, queries, 0);
            }
        }

        if (visible < count)
            Mask(count, visible);
        Softmax(count, _maximum + (panel * Queries), _sum + (panel * Queries), output);
        for (int d = 0; d < _headDim; d += GemmKernel.ShortRows)
        {
            GemmKernel.Multiply<ColumnLayout>(
                _values + d, _headDim, _scores, count, output + (d * Queries), Math.Min(GemmKernel.ShortRows, _headDim - d), accumulate: true, _scores, 0);
        }
    }

    /// <summary>Divides by the sums of weights and writes [query][d].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void End(int panel, float* y, int stride, int queries)
    {
        float* output = _output + ((long)panel * _headDim * Queries);
        float* sum = _sum + (panel * Queries);
        for (int i = 0; i < queries; i++)
        {
            float inverse = 1 / sum[i];
            for (int d = 0; d < _headDim; d++)
                y[((long)i * stride) + d] = output[(d * Queries) + i] * inverse;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mask(int count, int visible)
    {
        for (int key = Math.Max(0, visible + 1); key < count; key++)
        {
            int hidden = Math.Min(Queries, key - visible);
            new Span<float>(_scores + (key * Queries), hidden).Fill(float.NegativeInfinity);
        }
    }

    // Scores become weights 2^(score - maximum), a masked one, minus infinity, exactly nothing; previous sums are rescaled to the new maximum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(int count, float* maximum, float* sum, float* output)
    {
        Vector512<float> old0 = Vector512.Load(maximum), old1 = Vector512.Load(maximum + Lanes);
        Vector512<float> top0 = old0, top1 = old1;
        float* end = _scores + (count * Queries);
        for (float* score = _scores; score < end; score += Queries)
        {
            top0 = Vector512.MaxNative(top0, Vector512.Load(score));
            top1 = Vector512.MaxNative(top1, Vector512.Load(score + Lanes));
        }

        Vector512<float> added0 = default, added1 = default;
        for (float* score = _scores; score < end; score += Queries)
        {
            Vector512<float> weight0 = VectorMath.Exp2Below(Vector512.Load(score) - top0), weight1 = VectorMath.Exp2Below(Vector512.Load(score + Lanes) - top1);
            weight0.Store(score);
            weight1.Store(score + Lanes);
            added0 += weight0;
            added1 += weight1;
        }

        Rescale(maximum, sum, output, old0, top0, added0);
        Rescale(maximum + Lanes, sum + Lanes, output + Lanes, old1, top1, added1);
    }

    // For the first tile the old maximum is minus infinity and the old sums are zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Rescale(float* maximum, float* sum, float* output, Vector512<float> old, Vector512<float> top, Vector512<float> added)
    {
        Vector512<float> correction = VectorMath.Exp2Below(old - top);
        top.Store(maximum);
        Vector512.FusedMultiplyAdd(Vector512.Load(sum), correction, added).Store(sum);
        // Once the largest key is found the factor stays 1.
        if (Vector512.EqualsAll(correction, Vector512<float>.One))
            return;
        for (int d = 0; d < _headDim; d++)
            (Vector512.Load(output + (d * Queries)) * correction).Store(output + (d * Queries));
    }
}
