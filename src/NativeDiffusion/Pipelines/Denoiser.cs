using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>Runs the UNet over any number of rows: those with as many text states go together, in batches that memory allows.</summary>
internal sealed class Denoiser(IComputeDevice device, UNet2DConditionModel unet) : IDisposable
{
    // A batch reads the weights once; past this many latent pixels the activations cost more than that saves.
    private const int LatentPixelsPerRun = 2 * 128 * 128;
    private const int PlansKept = 4;

    private readonly List<CompiledUNet> _plans = [];

    /// <summary>How many rows go together at most.</summary>
    public static int RowsPerRun(int height, int width) => Math.Max(1, LatentPixelsPerRun / (height * width));

    /// <summary>Predicts for every row.</summary>
    /// <param name="rows">What the network sees.</param>
    /// <param name="height">Of the latents.</param>
    /// <param name="width">Of the latents.</param>
    /// <param name="cancellationToken">Looked at between operations.</param>
    /// <returns>For each row [C', H, W]: what the network predicts.</returns>
    public float[][] Predict(IReadOnlyList<DenoiserRow> rows, int height, int width, CancellationToken cancellationToken)
    {
        var results = new float[rows.Count][];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, rows.Count).GroupBy(i => rows[i].States.Shape[1]))
        {
            foreach (int[] batch in group.Chunk(RowsPerRun(height, width)))
            {
                CompiledUNet plan = Plan(batch.Length, height, width, group.Key, cancellationToken);
                float[] made = plan.Run([.. batch.Select(i => rows[i])], cancellationToken);
                int size = made.Length / batch.Length;
                for (int i = 0; i < batch.Length; i++) results[batch[i]] = made.AsSpan(i * size, size).ToArray();
            }
        }

        return results;
    }

    /// <summary>The plan for a shape, without weights or memory: for estimates and for laying out weights early.</summary>
    public Plan Describe(int rows, int height, int width, int tokens)
    {
        var ops = new PlanBuilder();
        PlanTensor sample = ops.Upload("sample", new TensorShape(rows, unet.Config.InChannels, height, width));
        PlanTensor timestep = ops.Upload("timestep", new TensorShape(rows, 1));
        PlanTensor states = ops.Upload("context", new TensorShape(rows, tokens, unet.Config.CrossAttentionDim), stable: true);
        ops.Download("out", unet.Forward(ops, sample, timestep, states));
        return ops.Build();
    }

    /// <summary>Gives back the plans' memory; the next call makes what it needs.</summary>
    public void Dispose()
    {
        foreach (CompiledUNet plan in _plans) plan.Dispose();
        _plans.Clear();
    }

    private CompiledUNet Plan(int rows, int height, int width, int tokens, CancellationToken cancellationToken)
    {
        int index = _plans.FindIndex(plan => plan.Fits(rows, height, width, tokens));
        CompiledUNet found;
        if (index >= 0)
        {
            found = _plans[index];
            _plans.RemoveAt(index);
        }
        else
        {
            // The oldest go first, so that their memory is free for the new one.
            for (; _plans.Count >= PlansKept; _plans.RemoveAt(0)) _plans[0].Dispose();
            found = new CompiledUNet(device.Compile(Describe(rows, height, width, tokens), cancellationToken: cancellationToken), rows, height, width, tokens);
        }

        _plans.Add(found);
        return found;
    }
}
