using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>
/// Decodes a large latent in overlapping tiles. Every pixel is a weighted mean of the tiles that cover it; a tile's weight falls
/// smoothly to nothing at its inner borders, so that differences between tiles (their group norms see other pixels) have no edge.
/// </summary>
internal static class TiledDecoder
{
    /// <summary>Decodes.</summary>
    /// <param name="latents">[1, C, H, W], unscaled.</param>
    /// <param name="tiling">Tile and overlap in latent cells.</param>
    /// <param name="factor">Pixels a cell.</param>
    /// <param name="outChannels">Channels of the picture.</param>
    /// <param name="decode">[1, C, h, w] → [1, 3, 8h, 8w].</param>
    /// <returns>[1, 3, 8H, 8W].</returns>
    public static Tensor Decode(Tensor latents, VaeTiling tiling, int factor, int outChannels, Func<Tensor, Tensor> decode)
    {
        int height = latents.Shape[2], width = latents.Shape[3];
        var picture = new Tensor(new TensorShape(1, outChannels, height * factor, width * factor));
        float[] total = new float[height * factor * width * factor];
        int[] tops = Starts(height, tiling), lefts = Starts(width, tiling);
        int tileHeight = Math.Min(height, tiling.Tile), tileWidth = Math.Min(width, tiling.Tile);
        foreach (int top in tops)
        {
            float[] rows = Ramp(tileHeight, top > 0, top + tileHeight < height, tiling.Overlap, factor);
            foreach (int left in lefts)
            {
                float[] columns = Ramp(tileWidth, left > 0, left + tileWidth < width, tiling.Overlap, factor);
                AddTile(picture, total, decode(Cut(latents, top, left, tileHeight, tileWidth)), rows, columns, top * factor, left * factor);
            }
        }

        for (int i = 0; i < picture.Data.Length; i++) picture.Data[i] /= total[i % total.Length];
        return picture;
    }

    // As few tiles as cover the length with at least the overlap, spread evenly.
    private static int[] Starts(int length, VaeTiling tiling)
    {
        if (length <= tiling.Tile) return [0];
        int count = (length - tiling.Overlap + tiling.Tile - tiling.Overlap - 1) / (tiling.Tile - tiling.Overlap);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)(length - tiling.Tile) * i / (count - 1)))];
    }

    // 1 inside, a smooth step (3t² - 2t³) over the overlap on each side that has a neighbour; never quite 0.
    private static float[] Ramp(int tile, bool before, bool after, int overlap, int factor)
    {
        int length = tile * factor, edge = overlap * factor;
        float[] weights = new float[length];
        for (int i = 0; i < length; i++)
        {
            float t = 1;
            if (before) t = Math.Min(t, (i + 0.5f) / edge);
            if (after) t = Math.Min(t, (length - i - 0.5f) / edge);
            weights[i] = t * t * (3 - 2 * t);
        }

        return weights;
    }

    private static Tensor Cut(Tensor latents, int top, int left, int height, int width)
    {
        TensorShape shape = latents.Shape;
        var tile = new Tensor(new TensorShape(1, shape[1], height, width));
        for (int c = 0; c < shape[1]; c++)
            for (int y = 0; y < height; y++)
                latents.Data.AsSpan((c * shape[2] + top + y) * shape[3] + left, width).CopyTo(tile.Data.AsSpan((c * height + y) * width));
        return tile;
    }

    private static void AddTile(Tensor picture, float[] total, Tensor tile, float[] rows, float[] columns, int top, int left)
    {
        TensorShape shape = picture.Shape;
        for (int c = 0; c < shape[1]; c++)
        {
            for (int y = 0; y < rows.Length; y++)
            {
                int to = (c * shape[2] + top + y) * shape[3] + left, from = (c * rows.Length + y) * columns.Length;
                for (int x = 0; x < columns.Length; x++) picture.Data[to + x] += rows[y] * columns[x] * tile.Data[from + x];
            }
        }

        for (int y = 0; y < rows.Length; y++)
            for (int x = 0; x < columns.Length; x++)
                total[(top + y) * shape[3] + left + x] += rows[y] * columns[x];
    }
}
