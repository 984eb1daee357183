using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>Builds the UNet's graph for sampling runs.</summary>
internal static class Denoiser
{
    /// <summary>The UNet's graph for a batch.</summary>
    /// <param name="unet">The model.</param>
    /// <param name="batch">N.</param>
    /// <param name="height">Of the latents.</param>
    /// <param name="width">Of the latents.</param>
    /// <param name="tokens">T.</param>
    public static NetworkGraph Graph(UNet2DConditionModel unet, int batch, int height, int width, int tokens)
    {
        var ops = new PlanBuilder();
        PlanInput<float> sample = ops.Input("sample", new TensorShape(batch, unet.Config.InChannels, height, width));
        PlanInput<float> timestep = ops.InputTimesteps("timestep", batch);
        PlanInput<float> context = ops.Input("context", new TensorShape(batch, tokens, unet.Config.CrossAttentionDim), stable: true);
        PlanOutput prediction = ops.Output("out", unet.Forward(ops, sample.Value, timestep.Value, context.Value));
        return new NetworkGraph(ops.Build(), sample, timestep, context, prediction);
    }
}
