using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// The state of a block of queries while tiles of keys pass by: panels of 32 queries, each with its queries [d][32] and output
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

    /// <summary>Lays the state out in the worker's scratch.</summary>
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

    /// <summary>Takes up to 32 queries, [query][d] → [d][query], times the factor; missing queries are zeros.</summary>
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

    /// <summary>Brings a tile of keys and values close: keys as the kernel's lines (long heads in chunks of its depth), values one after the other.</summary>
    public void Load(float* k, int kStride, float* v, int vStride, int count)
    {
        for (int key = 0; key < count; key++)
        {
            for (int d = 0; d < _headDim; d += GemmPacking.MaxDepth)
            {
                float* line = _keys + ((((long)d / GemmPacking.MaxDepth * _keyTile) + key) * GemmPacking.LineStride);
                NativeMemory.Copy(k + ((long)key * kStride) + d, line, (nuint)Math.Min(GemmPacking.MaxDepth, _headDim - d) * sizeof(float));
            }

            NativeMemory.Copy(v + ((long)key * vStride), _values + ((long)key * _headDim), (nuint)_headDim * sizeof(float));
        }
    }

    /// <summary>Adds the loaded keys to a panel. Query i sees the keys up to i + <paramref name="visible"/>.</summary>
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
        for (int d = 0; d < _headDim; d += GemmKernel.Rows)
        {
            GemmKernel.Multiply<ColumnLayout>(
                _values + d, _headDim, _scores, count, output + (d * Queries), Math.Min(GemmKernel.Rows, _headDim - d), accumulate: true, _scores, 0);
        }
    }

    /// <summary>Divides by the sums of weights and writes [query][d].</summary>
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

    private void Mask(int count, int visible)
    {
        for (int key = Math.Max(0, visible + 1); key < count; key++)
        {
            int hidden = Math.Min(Queries, key - visible);
            new Span<float>(_scores + (key * Queries), hidden).Fill(float.NegativeInfinity);
        }
    }

    // Scores become weights 2^(score - maximum); what was summed under the old maximum is scaled to the new one.
    private void Softmax(int count, float* maximum, float* sum, float* output)
    {
        for (int half = 0; half < Queries; half += Lanes)
        {
            float* scores = _scores + half;
            Vector512<float> old = Vector512.Load(maximum + half);
            Vector512<float> top = old;
            for (int key = 0; key < count; key++)
                top = Vector512.MaxNative(top, Vector512.Load(scores + (key * Queries)));
            Vector512<float> added = Vector512<float>.Zero;
            for (int key = 0; key < count; key++)
            {
                Vector512<float> score = Vector512.Load(scores + (key * Queries));
                // A masked score, minus infinity, weighs exactly nothing.
                Vector512<float> masked = Vector512.Equals(score, Vector512.Create(float.NegativeInfinity));
                Vector512<float> weight = Vector512.AndNot(VectorMath.Exp2(score - top), masked);
                weight.Store(scores + (key * Queries));
                added += weight;
            }

            // Of the first tile the old maximum is minus infinity and the old sums are zero: any finite factor will do.
            Vector512<float> correction = VectorMath.Exp2(old - top);
            top.Store(maximum + half);
            Vector512.FusedMultiplyAdd(Vector512.Load(sum + half), correction, added).Store(sum + half);
            // Once the largest key is found the factor stays 1.
            if (Vector512.EqualsAll(correction, Vector512<float>.One))
                continue;
            for (int d = 0; d < _headDim; d++)
            {
                float* place = output + (d * Queries) + half;
                (Vector512.Load(place) * correction).Store(place);
            }
        }
    }
}
