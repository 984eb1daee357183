using System.Collections.Immutable;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>
/// Decodes a large latent in overlapping tiles without visible seams. Operations of global extent use the whole picture:
/// attention at the latents' size, and the group norms' statistics, which a first pass over the tiles collects. The rest are
/// convolutions, so tiles agree where they overlap by the receptive field; a smooth blend hides the remainder.
/// </summary>
internal sealed class TiledDecoder(IComputeDevice device, AutoencoderKL vae, VaeTiling tiling)
{
    /// <summary>Decodes.</summary>
    /// <param name="latents">[1, C, H, W], unscaled.</param>
    /// <param name="cancellationToken">Checked between operations.</param>
    /// <returns>[1, 3, 8H, 8W].</returns>
    public Tensor Decode(Tensor latents, CancellationToken cancellationToken)
    {
        Tensor hidden = Bottom(latents, cancellationToken);
        int height = latents.Shape[2], width = latents.Shape[3], factor = vae.Config.ScaleFactor;
        int tileHeight = Math.Min(height, tiling.Tile), tileWidth = Math.Min(width, tiling.Tile);
        (int Top, int Left)[] places = [.. Starts(height).SelectMany(top => Starts(width).Select(left => (top, left)))];
        var shape = new TensorShape(1, hidden.Shape[1], tileHeight, tileWidth);
        float[][] statistics = Statistics(hidden, shape, places, cancellationToken);
        var picture = new Tensor(new TensorShape(1, vae.Config.OutChannels, height * factor, width * factor));
        float[] total = new float[height * factor * width * factor];
        (Graph graph, PlanInput<float> x, PlanOutput y) = Up(shape);
        (graph, ImmutableArray<PlanInput<float>> norms) = NormStatistics.Given(graph);
        using ICompiledPlan plan = device.Compile(graph, vae, cancellationToken: cancellationToken);
        for (int i = 0; i < statistics.Length; i++) plan.Input(norms[i]).CopyFrom(statistics[i]);
        foreach ((int top, int left) in places)
        {
            plan.Input(x).CopyFrom(Cut(hidden, top, left, tileHeight, tileWidth));
            plan.Run(cancellationToken: cancellationToken);
            float[] rows = Ramp(tileHeight, top > 0, top + tileHeight < height, factor);
            float[] columns = Ramp(tileWidth, left > 0, left + tileWidth < width, factor);
            AddTile(picture, total, plan.Output(y).ToTensor(), rows, columns, top * factor, left * factor);
        }

        for (int i = 0; i < picture.Data.Length; i++) picture.Data[i] /= total[i % total.Length];
        return picture;
    }

    private Tensor Bottom(Tensor latents, CancellationToken cancellationToken)
    {
        var ops = new PlanBuilder();
        PlanInput<float> x = ops.Input("x", latents.Shape);
        PlanOutput hidden = ops.Output("hidden", vae.DecodeBottom(ops, x.Value));
        using ICompiledPlan plan = device.Compile(ops.Build(), vae, cancellationToken: cancellationToken);
        plan.Input(x).CopyFrom(latents.Data);
        plan.Run(cancellationToken: cancellationToken);
        return plan.Output(hidden).ToTensor();
    }

    private (Graph Graph, PlanInput<float> X, PlanOutput Y) Up(TensorShape hidden)
    {
        var ops = new PlanBuilder();
        PlanInput<float> x = ops.Input("x", hidden);
        PlanOutput y = ops.Output("out", vae.DecodeUp(ops, x.Value));
        return (ops.Build(), x, y);
    }

    // The mean and variance of each norm's groups over all tiles, each tile normalised by itself.
    private float[][] Statistics(Tensor hidden, TensorShape shape, (int Top, int Left)[] places, CancellationToken cancellationToken)
    {
        (Graph graph, PlanInput<float> x, _) = Up(shape);
        (graph, ImmutableArray<PlanOutput> norms) = NormStatistics.Reported(graph);
        using ICompiledPlan plan = device.Compile(graph, vae, cancellationToken: cancellationToken);
        int count = norms.Length;
        double[][] means = new double[count][], squares = new double[count][];
        foreach ((int top, int left) in places)
        {
            plan.Input(x).CopyFrom(Cut(hidden, top, left, shape[2], shape[3]));
            plan.Run(cancellationToken: cancellationToken);
            for (int i = 0; i < count; i++)
            {
                float[] found = plan.Output(norms[i]).ToTensor().Data;
                means[i] ??= new double[found.Length / 2];
                squares[i] ??= new double[found.Length / 2];
                for (int g = 0; g < means[i].Length; g++)
                {
                    means[i][g] += found[2 * g] / (double)places.Length;
                    squares[i][g] += (found[2 * g + 1] + (double)found[2 * g] * found[2 * g]) / places.Length;
                }
            }
        }

        return [.. means.Zip(
            squares, (mean, square) =>
            mean.Zip(square).SelectMany(group => (float[])[(float)group.First, (float)(group.Second - group.First * group.First)]).ToArray())];
    }

    // The fewest tiles that cover the length with at least the overlap, spread evenly.
    private int[] Starts(int length)
    {
        if (length <= tiling.Tile) return [0];
        int step = tiling.Tile - tiling.Overlap;
        int count = (length - tiling.Overlap + step - 1) / step;
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)(length - tiling.Tile) * i / (count - 1)))];
    }

    // 1 inside, a smooth step (3t² - 2t³) over the overlap on each side with an adjacent tile; never quite 0.
    private float[] Ramp(int tile, bool before, bool after, int factor)
    {
        int length = tile * factor, edge = tiling.Overlap * factor;
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

    private static float[] Cut(Tensor hidden, int top, int left, int height, int width)
    {
        TensorShape shape = hidden.Shape;
        float[] tile = new float[shape[1] * height * width];
        for (int c = 0; c < shape[1]; c++)
            for (int y = 0; y < height; y++)
                hidden.Data.AsSpan((c * shape[2] + top + y) * shape[3] + left, width).CopyTo(tile.AsSpan((c * height + y) * width));
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
