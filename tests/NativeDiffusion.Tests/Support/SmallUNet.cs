using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Tests.Support;

/// <summary>A denoiser of two levels with every kind of layer, its weights from the recipe.</summary>
internal static class SmallUNet
{
    public const int ContextChannels = 24;

    public static UNet2DConditionModel Model { get; } = new(
        new UNet2DConditionConfig
        {
            BlockOutChannels = [32, 48],
            DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"],
            UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
            LayersPerBlock = [1, 1],
            TransformerLayersPerBlock = [1, 1],
            AttentionHeads = [4, 4],
            CrossAttentionDim = ContextChannels,
            NormNumGroups = 8,
            TimeEmbeddingDim = 128,
        },
        new WeightScope(new RecipeWeights("support.")));

    public static Plan Plan(int batch, int height, int width, int tokens = 7)
    {
        var ops = new PlanBuilder();
        PlanTensor sample = ops.Upload("sample", new TensorShape(batch, 4, height, width));
        PlanTensor timestep = ops.Upload("timestep", new TensorShape(batch, 1));
        PlanTensor context = ops.Upload("context", new TensorShape(batch, tokens, ContextChannels), stable: true);
        ops.Download("out", Model.Forward(ops, sample, timestep, context));
        return ops.Build();
    }

    /// <summary>Sets recipe inputs: picture n of a batch gets the n-th stretch of the same numbers.</summary>
    public static void SetInputs(ICompiledPlan plan, int batch, int height, int width, int tokens = 7, int first = 0)
    {
        float[] Take(string name, int size) => RecipeTensors.Input(name, (first + batch) * size)[(first * size)..];
        plan.Set("sample", Take("support.x", 4 * height * width));
        plan.Set("timestep", [.. Enumerable.Repeat(500f, batch)]);
        plan.Set("context", Take("support.context", tokens * ContextChannels));
    }
}
