using System.Diagnostics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// y = softmax(scale · q · kᵀ) · v per picture and head, in tiles of keys with an online softmax, so that no score matrix is
/// ever stored (Milakov and Gimelshein 2018, arXiv:1805.02867; FlashAttention, Dao et al. 2022, arXiv:2205.14135).
/// Lanes are queries: scores are stored as [key][query], maximum and sum over keys are computed per lane, and nothing is ever
/// reduced across a vector, so the result is independent of the vector width.
/// </summary>
internal static unsafe class Attention
{
    private const int Queries = PackedMatrix.PanelWidth;

    private const int ItemsPerWorker = 4;
    private const float Log2E = 1.44269504f;

    /// <summary>
    /// Token t of picture n, head h of q is at q + (n · queryTokens + t) · qStride + h · headDim, likewise k, v and y.
    /// With <paramref name="causal"/> query t attends to keys 0 … t.
    /// </summary>
    public static void Forward(
        CpuWorkers workers, float* q, int qStride, float* k, int kStride, float* v, int vStride, float* y, int yStride,
        int batch, int heads, int queryTokens, int keyTokens, int headDim, float scale, bool causal)
    {
        Debug.Assert(!causal || queryTokens == keyTokens, "A causal mask is square.");
        int blockQueries = PanelBlock(batch * heads, queryTokens, headDim, workers.Count) * Queries;
        int blocks = (queryTokens + blockQueries - 1) / blockQueries;
        int keyTile = KeyTile(headDim);
        // Scores are computed in units of log2: q is scaled once.
        float factor = scale * Log2E;
        long work = 2L * batch * heads * queryTokens * keyTokens * headDim;
        workers.Run(batch * heads * blocks, (item, worker) =>
        {
            int firstQuery = item % blocks * blockQueries;
            int head = item / blocks % heads;
            long image = item / blocks / heads;
            int queries = Math.Min(blockQueries, queryTokens - firstQuery);
            int panels = (queries + Queries - 1) / Queries;
            long firstRow = (image * queryTokens) + firstQuery;
            long offset = (long)head * headDim;
            var tile = new AttentionTile(workers, worker, panels, headDim, keyTile);
            for (int p = 0; p < panels; p++)
                tile.Begin(p, q + ((firstRow + (p * Queries)) * qStride) + offset, qStride, Math.Min(Queries, queries - (p * Queries)), factor);

            // Keys after the last query of a causal block have weight zero.
            int keys = causal ? Math.Min(keyTokens, firstQuery + queries) : keyTokens;
            for (int firstKey = 0; firstKey < keys; firstKey += keyTile)
            {
                int count = Math.Min(keyTile, keys - firstKey);
                long keyRow = (image * keyTokens) + firstKey;
                tile.Load(k + (keyRow * kStride) + offset, kStride, v + (keyRow * vStride) + offset, vStride, count);
                for (int p = 0; p < panels; p++)
                    tile.Add(p, count, causal ? firstQuery + (p * Queries) - firstKey : count);
            }

            for (int p = 0; p < panels; p++)
                tile.End(p, y + ((firstRow + (p * Queries)) * yStride) + offset, yStride, Math.Min(Queries, queries - (p * Queries)));
        }, work);
    }

    // Whole tiles of the kernel; with long heads fewer keys, so that keys, values and scores stay in cache. A function of headDim alone.
    private static int KeyTile(int headDim) => (headDim <= 96 ? 10 : 5) * GemmKernel.Rows;

    // Panels of queries per cached tile of keys: more panels mean fewer copies; the state of all should stay in the
    // L2 cache and every worker should get some blocks. Does not affect results.
    private static int PanelBlock(int heads, int queryTokens, int headDim, int workers)
    {
        int panels = (queryTokens + Queries - 1) / Queries;
        int block = Math.Clamp(2048 / headDim, 1, 16);
        while (block > 1 && workers > 1 && heads * ((panels + block - 1) / block) < workers * ItemsPerWorker)
            block--;
        return block;
    }
}
