using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>Runs the VAE in batches of the device's size, optionally in tiles.</summary>
internal sealed class LatentCodec(IComputeDevice device, AutoencoderKL vae)
{
    /// <summary>Pixels per latent cell, in each direction.</summary>
    public int Factor => vae.Config.ScaleFactor;

    /// <summary>Decoding latents to pictures.</summary>
    /// <param name="latents">[1, C, H, W] of each picture, in the denoiser's scale; all of one size.</param>
    /// <param name="tiling">The tile sizes; null to decode whole pictures.</param>
    /// <param name="cancellationToken">Checked between operations.</param>
    /// <returns>[1, 3, 8H, 8W] of each picture, about -1 to 1, as they are made.</returns>
    public IEnumerable<Tensor> Decode(IReadOnlyList<Tensor> latents, VaeTiling? tiling, CancellationToken cancellationToken)
    {
        TensorShape shape = latents[0].Shape;
        bool cuts = tiling is not null && (shape[2] > tiling.Tile || shape[3] > tiling.Tile);
        foreach (Tensor[] slice in latents.Chunk(cuts ? 1 : device.PicturesPerSlice(shape[2], shape[3])))
        {
            Tensor unscaled = Unscaled(slice);
            Tensor made = cuts ? new TiledDecoder(device, vae, tiling!).Decode(unscaled, cancellationToken) : Run(unscaled, decode: true, cancellationToken);
            var one = new TensorShape(1, made.Shape[1], made.Shape[2], made.Shape[3]);
            int size = checked((int)one.Count);
            for (int i = 0; i < slice.Length; i++)
                yield return slice.Length == 1 ? made : new Tensor(one, made.Data.AsSpan(i * size, size).ToArray());
        }
    }

    /// <summary>A picture to the mean and log-variance of its latents, unscaled.</summary>
    /// <param name="picture">[1, 3, 8H, 8W], -1 to 1.</param>
    /// <param name="cancellationToken">Checked between operations.</param>
    /// <returns>[1, 2C, H, W].</returns>
    public Tensor Encode(Tensor picture, CancellationToken cancellationToken) => Run(picture, decode: false, cancellationToken);

    /// <summary>A draw from the posterior: mean + exp(logvar / 2) · noise, scaled for the denoiser.</summary>
    /// <param name="moments">[1, 2C, H, W].</param>
    /// <param name="noise">[C, H, W].</param>
    public float[] Sample(Tensor moments, ReadOnlySpan<float> noise)
    {
        int count = noise.Length;
        float[] latents = new float[count];
        for (int i = 0; i < count; i++)
        {
            // diffusers clamps the log-variance to this range.
            float logVariance = Math.Clamp(moments.Data[count + i], -30f, 20f);
            double drawn = moments.Data[i] + Math.Exp(0.5 * logVariance) * noise[i];
            latents[i] = (float)((drawn - vae.Config.ShiftFactor) * vae.Config.ScalingFactor);
        }

        return latents;
    }

    /// <summary>The VAE's graph for a shape.</summary>
    /// <param name="vae">The model.</param>
    /// <param name="shape">[N, C, H, W] latents, or [N, 3, H, W] pictures.</param>
    /// <param name="decode">Which way.</param>
    public static CodecGraph Graph(AutoencoderKL vae, TensorShape shape, bool decode)
    {
        var ops = new PlanBuilder();
        PlanInput<float> x = ops.Input("x", shape);
        PlanOutput y = ops.Output("out", decode ? vae.Decode(ops, x.Value) : vae.Encode(ops, x.Value));
        return new CodecGraph(ops.Build(), x, y);
    }

    private Tensor Unscaled(Tensor[] slice)
    {
        TensorShape one = slice[0].Shape;
        var unscaled = new Tensor(new TensorShape(slice.Length, one[1], one[2], one[3]));
        float scale = (float)vae.Config.ScalingFactor, shift = (float)vae.Config.ShiftFactor;
        int at = 0;
        foreach (float value in slice.SelectMany(tensor => tensor.Data)) unscaled.Data[at++] = value / scale + shift;
        return unscaled;
    }

    private Tensor Run(Tensor x, bool decode, CancellationToken cancellationToken)
    {
        using PlanLease<CodecGraph> lease = device.Plans.Lease(
            new PlanKey(vae, decode ? "decoder" : "encoder", (x.Shape[0], x.Shape[2], x.Shape[3], 0)), () => Graph(vae, x.Shape, decode), made => made.Graph,
            cancellationToken);
        (CodecGraph codec, ICompiledPlan plan) = (lease.Described, lease.Plan);
        plan.Input(codec.X).CopyFrom(x.Data);
        plan.Run(cancellationToken: cancellationToken);
        return plan.Output(codec.Y).ToTensor();
    }

    /// <summary>The VAE's graph with its handles.</summary>
    internal sealed record CodecGraph(Graph Graph, PlanInput<float> X, PlanOutput Y);
}
