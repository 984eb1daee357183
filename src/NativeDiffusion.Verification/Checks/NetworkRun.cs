using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>Runs one network once on a device and hands out its outputs by name.</summary>
internal static class NetworkRun
{
    /// <summary>The denoiser.</summary>
    /// <param name="device">Where.</param>
    /// <param name="unet">The model.</param>
    /// <param name="latents">[N, C, H, W].</param>
    /// <param name="timestep">The same for all.</param>
    /// <param name="context">[N, T, D].</param>
    /// <param name="taps">Parts whose results are wanted beside <c>out</c>.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static Dictionary<string, Tensor> UNet(
        IComputeDevice device, UNet2DConditionModel unet, Tensor latents, double timestep, Tensor context, IReadOnlyCollection<string> taps,
            CancellationToken cancellation)
    {
        var ops = new PlanBuilder(taps);
        PlanTensor sample = ops.Upload("sample", latents.Shape);
        PlanTensor time = ops.Upload("timestep", new TensorShape(latents.Shape[0], 1));
        PlanTensor states = ops.Upload("context", context.Shape, stable: true);
        ops.Download("out", unet.Forward(ops, sample, time, states));
        float[] timesteps = new float[latents.Shape[0]];
        Array.Fill(timesteps, (float)timestep);
        return Run(device, ops, [("sample", latents.Data), ("timestep", timesteps), ("context", context.Data)], ["out", .. taps], cancellation);
    }

    /// <summary>The VAE's decoder (<c>out</c>: pictures) or encoder (<c>out</c>: moments).</summary>
    public static Tensor Vae(IComputeDevice device, AutoencoderKL vae, Tensor x, bool decode, CancellationToken cancellation)
    {
        var ops = new PlanBuilder();
        PlanTensor input = ops.Upload("x", x.Shape);
        ops.Download("out", decode ? vae.Decode(ops, input) : vae.Encode(ops, input));
        return Run(device, ops, [("x", x.Data)], ["out"], cancellation)["out"];
    }

    /// <summary>The text encoder: every hidden state (<c>hidden.K</c>), <c>last</c> and <c>skip2</c>.</summary>
    public static Dictionary<string, Tensor> Clip(IComputeDevice device, ClipTextModel clip, int[] ids, CancellationToken cancellation)
    {
        var ops = new PlanBuilder();
        IReadOnlyList<PlanTensor> hidden = clip.HiddenStates(ops, ops.UploadTokens("ids", new TensorShape(1, ids.Length)));
        List<string> names = [];
        void Download(string name, PlanTensor x)
        {
            ops.Download(name, x);
            names.Add(name);
        }

        for (int i = 0; i < hidden.Count; i++) Download($"hidden.{i}", hidden[i]);
        Download("last", clip.FinalLayerNorm(ops, hidden[^1]));
        if (hidden.Count > 1) Download("skip2", clip.FinalLayerNorm(ops, hidden[^2]));
        using ICompiledPlan plan = device.Compile(ops.Build(), cancellationToken: cancellation);
        plan.SetTokens("ids", ids);
        plan.Run(cancellationToken: cancellation);
        return names.ToDictionary(name => name, plan.Get);
    }

    private static Dictionary<string, Tensor> Run(
        IComputeDevice device, PlanBuilder ops, (string Name, float[] Values)[] inputs, string[] outputs, CancellationToken cancellation)
    {
        using ICompiledPlan plan = device.Compile(ops.Build(), cancellationToken: cancellation);
        foreach ((string name, float[] values) in inputs) plan.Set(name, values);
        plan.Run(cancellationToken: cancellation);
        return outputs.ToDictionary(name => name, plan.Get);
    }
}
