using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>Runs one network once on a device and returns its outputs by name.</summary>
internal static class NetworkRun
{
    /// <summary>The denoiser.</summary>
    /// <param name="device">Where.</param>
    /// <param name="unet">The model.</param>
    /// <param name="latents">[N, C, H, W].</param>
    /// <param name="timestep">The same for all.</param>
    /// <param name="context">[N, T, D].</param>
    /// <param name="taps">Scopes whose results are returned in addition to <c>out</c>.</param>
    /// <param name="cancellation">Cancels the run.</param>
    public static Dictionary<string, Tensor> UNet(
        IComputeDevice device, UNet2DConditionModel unet, Tensor latents, double timestep, Tensor context, IReadOnlyCollection<string> taps,
            CancellationToken cancellation)
    {
        var ops = new PlanBuilder(taps);
        PlanInput<float> sample = ops.Input("sample", latents.Shape);
        PlanInput<float> time = ops.InputTimesteps("timestep", latents.Shape[0]);
        PlanInput<float> states = ops.Input("context", context.Shape, stable: true);
        ops.Output("out", unet.Forward(ops, sample.Value, time.Value, states.Value));
        float[] timesteps = new float[latents.Shape[0]];
        Array.Fill(timesteps, (float)timestep);
        return Run(device, ops.Build(), [(sample, latents.Data), (time, timesteps), (states, context.Data)], cancellation);
    }

    /// <summary>The VAE's decoder (<c>out</c>: pictures) or encoder (<c>out</c>: moments).</summary>
    public static Tensor Vae(IComputeDevice device, AutoencoderKL vae, Tensor x, bool decode, CancellationToken cancellation)
    {
        var ops = new PlanBuilder();
        PlanInput<float> input = ops.Input("x", x.Shape);
        ops.Output("out", decode ? vae.Decode(ops, input.Value) : vae.Encode(ops, input.Value));
        return Run(device, ops.Build(), [(input, x.Data)], cancellation)["out"];
    }

    /// <summary>The text encoder: every hidden state (<c>hidden.K</c>), <c>last</c> and <c>skip2</c>.</summary>
    public static Dictionary<string, Tensor> Clip(IComputeDevice device, ClipTextModel clip, int[] ids, CancellationToken cancellation)
    {
        var ops = new PlanBuilder();
        PlanInput<int> tokens = ops.InputTokens("ids", new TensorShape(1, ids.Length));
        IReadOnlyList<PlanTensor> hidden = clip.HiddenStates(ops, tokens.Value);
        for (int i = 0; i < hidden.Count; i++) ops.Output($"hidden.{i}", hidden[i]);
        ops.Output("last", clip.FinalLayerNorm(ops, hidden[^1]));
        if (hidden.Count > 1) ops.Output("skip2", clip.FinalLayerNorm(ops, hidden[^2]));
        Graph graph = ops.Build();
        using ICompiledPlan plan = device.Compile(graph, cancellationToken: cancellation);
        plan.Input(tokens).CopyFrom(ids);
        return Run(plan, graph, cancellation);
    }

    private static Dictionary<string, Tensor> Run(
        IComputeDevice device, Graph graph, (PlanInput<float> Input, float[] Values)[] inputs, CancellationToken cancellation)
    {
        using ICompiledPlan plan = device.Compile(graph, cancellationToken: cancellation);
        foreach ((PlanInput<float> input, float[] values) in inputs) plan.Input(input).CopyFrom(values);
        return Run(plan, graph, cancellation);
    }

    private static Dictionary<string, Tensor> Run(ICompiledPlan plan, Graph graph, CancellationToken cancellation)
    {
        plan.Run(cancellationToken: cancellation);
        return graph.Outputs.ToDictionary(output => output.Name, output => plan.Output(output).ToTensor());
    }
}
