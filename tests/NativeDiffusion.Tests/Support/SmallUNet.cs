using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Pipelines;
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

    public static NetworkGraph Graph(int batch, int height, int width, int tokens = 7) => Denoiser.Graph(Model, batch, height, width, tokens);

    /// <summary>Sets recipe inputs: picture n of a batch gets the n-th stretch of the same numbers.</summary>
    public static void SetInputs(ICompiledPlan plan, NetworkGraph network, int first = 0)
    {
        TensorShape sample = network.Sample.Shape, context = network.Context.Shape;
        int batch = sample[0];
        plan.Input(network.Sample).CopyFrom(Take("support.x", sample[1] * sample[2] * sample[3]));
        plan.Input(network.Timestep).CopyFrom([.. Enumerable.Repeat(500f, batch)]);
        plan.Input(network.Context).CopyFrom(Take("support.context", context[1] * context[2]));

        float[] Take(string name, int size) => RecipeTensors.Input(name, (first + batch) * size)[(first * size)..];
    }

    /// <summary>Compiles, runs once and releases the plan.</summary>
    public static float[] Predict(IComputeDevice device, NetworkGraph network, int first = 0)
    {
        using ICompiledPlan plan = device.Compile(network.Graph);
        SetInputs(plan, network, first);
        plan.Run();
        return plan.Output(network.Prediction).ToTensor().Data;
    }
}
