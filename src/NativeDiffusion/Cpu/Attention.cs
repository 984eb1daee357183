using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// y = softmax(scale · q · kᵀ) · v per picture and head, in tiles of keys with an online softmax, so that no score matrix is
/// ever stored (Milakov and Gimelshein 2018, arXiv:1805.02867; FlashAttention, Dao et al. 2022, arXiv:2205.14135).
/// Lanes are queries: scores are kept as [key][query], maximum and sum over keys run down the lanes, and nothing is ever
/// added across a vector, which also makes the result independent of the vector's width.
/// </summary>
internal static unsafe class Attention
{
    private const int Lanes = 16;
    private const int Queries = PackedMatrix.PanelWidth;
    private const int KeyTile = 120;
    private const float Log2E = 1.44269504f;

    /// <summary>
    /// Token t of picture n, head h of q lies at q + (n · queryTokens + t) · qStride + h · headDim, likewise k, v and y.
    /// With <paramref name="causal"/> query t sees keys 0 … t.
    /// </summary>
    public static void Forward(
        CpuWorkers workers, float* q, int qStride, float* k, int kStride, float* v, int vStride, float* y, int yStride,
        int batch, int heads, int queryTokens, int keyTokens, int headDim, float scale, bool causal)
    {
        Debug.Assert(!causal || queryTokens == keyTokens, "A causal mask is square.");
        int blocks = (queryTokens + Queries - 1) / Queries;
        // Scores are wanted in units of log2: the factor goes into q, once.
        float factor = scale * Log2E;
        workers.Run(batch * heads * blocks, (item, worker) =>
        {
            int block = item % blocks;
            int head = item / blocks % heads;
            long image = item / blocks / heads;
            int firstQuery = block * Queries;
            int queries = Math.Min(Queries, queryTokens - firstQuery);
            long firstRow = (image * queryTokens) + firstQuery;
            long offset = (long)head * headDim;

            int panel = headDim * Queries;
            float* queryPanel = workers.Scratch(worker, (2L * panel) + ((KeyTile + 2) * Queries));
            float* output = queryPanel + panel;
            float* scores = output + panel;
            float* maximum = scores + (KeyTile * Queries);
            float* sum = maximum + Queries;
            LoadQueries(q + (firstRow * qStride) + offset, qStride, queries, headDim, factor, queryPanel);
            new Span<float>(output, panel).Clear();
            new Span<float>(maximum, Queries).Fill(float.NegativeInfinity);
            new Span<float>(sum, Queries).Clear();

            // Keys after the last query of a causal block weigh nothing.
            int keys = causal ? Math.Min(keyTokens, firstQuery + queries) : keyTokens;
            for (int firstKey = 0; firstKey < keys; firstKey += KeyTile)
            {
                int count = Math.Min(KeyTile, keys - firstKey);
                long keyRow = (image * keyTokens) + firstKey;
                Product(k + (keyRow * kStride) + offset, kStride, 1, queryPanel, headDim, scores, count, accumulate: false);
                if (causal)
                    Mask(scores, count, firstKey, firstQuery);
                Softmax(scores, count, maximum, sum, output, headDim);
                Product(v + (keyRow * vStride) + offset, 1, vStride, scores, count, output, headDim, accumulate: true);
            }

            StoreQueries(output, sum, queries, headDim, y + (firstRow * yStride) + offset, yStride);
        });
    }

    private static void Product(float* a, int rowStride, int depthStride, float* panel, int depth, float* tile, int rows, bool accumulate)
    {
        for (int row = 0; row < rows; row += GemmKernel.Rows)
        {
            int count = Math.Min(GemmKernel.Rows, rows - row);
            GemmKernel.Multiply(a + ((long)row * rowStride), rowStride, depthStride, panel, depth, tile + (row * Queries), count, accumulate);
        }
    }

    // [query][d] becomes [d][query], times the factor; missing queries are zeros.
    private static void LoadQueries(float* q, int stride, int queries, int headDim, float factor, float* panel)
    {
        for (int d = 0; d < headDim; d++)
        {
            for (int i = 0; i < Queries; i++)
                panel[(d * Queries) + i] = i < queries ? q[((long)i * stride) + d] * factor : 0;
        }
    }

    private static void StoreQueries(float* output, float* sum, int queries, int headDim, float* y, int stride)
    {
        for (int i = 0; i < queries; i++)
        {
            float inverse = 1 / sum[i];
            for (int d = 0; d < headDim; d++)
                y[((long)i * stride) + d] = output[(d * Queries) + i] * inverse;
        }
    }

    private static void Mask(float* scores, int count, int firstKey, int firstQuery)
    {
        for (int key = Math.Max(0, firstQuery - firstKey); key < count; key++)
        {
            for (int i = 0; i < Queries && firstQuery + i < firstKey + key; i++)
                scores[(key * Queries) + i] = float.NegativeInfinity;
        }
    }

    // Scores become weights 2^(score - maximum); what was summed under the old maximum is scaled to the new one.
    private static void Softmax(float* scores, int count, float* maximum, float* sum, float* output, int headDim)
    {
        for (int half = 0; half < Queries; half += Lanes)
        {
            Vector512<float> old = Vector512.Load(maximum + half);
            Vector512<float> top = old;
            for (int key = 0; key < count; key++)
                top = Vector512.MaxNative(top, Vector512.Load(scores + (key * Queries) + half));
            Vector512<float> added = Vector512<float>.Zero;
            for (int key = 0; key < count; key++)
            {
                Vector512<float> score = Vector512.Load(scores + (key * Queries) + half);
                Vector512<float> weight = Weight(score, top);
                weight.Store(scores + (key * Queries) + half);
                added += weight;
            }

            Vector512<float> correction = Weight(old, top);
            top.Store(maximum + half);
            Vector512.FusedMultiplyAdd(Vector512.Load(sum + half), correction, added).Store(sum + half);
            for (int d = 0; d < headDim; d++)
            {
                float* place = output + (d * Queries) + half;
                (Vector512.Load(place) * correction).Store(place);
            }
        }
    }

    // A masked score, minus infinity, weighs exactly nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Weight(Vector512<float> score, Vector512<float> top) =>
        Vector512.ConditionalSelect(
            Vector512.Equals(score, Vector512.Create(float.NegativeInfinity)), Vector512<float>.Zero, VectorMath.Exp2(score - top));
}
