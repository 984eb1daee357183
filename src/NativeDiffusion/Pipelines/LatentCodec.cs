using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>Runs the VAE one picture at a time (slicing), in tiles where asked.</summary>
internal sealed class LatentCodec(IComputeDevice device, AutoencoderKL vae) : IDisposable
{
    private (TensorShape Shape, bool Decode, ICompiledPlan Plan)? _kept;

    /// <summary>Pixels a latent cell stands for, in each direction.</summary>
    public int Factor => vae.Config.ScaleFactor;

    /// <summary>Latents to a picture.</summary>
    /// <param name="latents">[C, H, W] of one picture, scaled as the denoiser has them.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="tiling">How the picture is cut; null to decode it whole.</param>
    /// <param name="cancellationToken">Looked at between operations.</param>
    /// <returns>[1, 3, 8H, 8W], about -1 to 1.</returns>
    public Tensor Decode(ReadOnlySpan<float> latents, int channels, int height, int width, VaeTiling? tiling, CancellationToken cancellationToken)
    {
        var unscaled = new Tensor(new TensorShape(1, channels, height, width));
        float scale = (float)vae.Config.ScalingFactor, shift = (float)vae.Config.ShiftFactor;
        for (int i = 0; i < latents.Length; i++) unscaled.Data[i] = latents[i] / scale + shift;
        return tiling is { } cut && (height > cut.Tile || width > cut.Tile)
            ? DecodeTiles(unscaled, cut, cancellationToken)
            : Run(unscaled, decode: true, cancellationToken);
    }

    /// <summary>A picture to the mean and log-variance of its latents, unscaled.</summary>
    /// <param name="picture">[1, 3, 8H, 8W], -1 to 1.</param>
    /// <param name="cancellationToken">Looked at between operations.</param>
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

    /// <summary>The plan for a shape, without weights or memory: for estimates and for laying out weights early.</summary>
    /// <param name="shape">[1, C, H, W] latents, or [1, 3, H, W] pictures.</param>
    /// <param name="decode">Which way.</param>
    public Plan Describe(TensorShape shape, bool decode)
    {
        var ops = new PlanBuilder();
        PlanTensor x = ops.Upload("x", shape);
        ops.Download("out", decode ? vae.Decode(ops, x) : vae.Encode(ops, x));
        return ops.Build();
    }

    /// <summary>Gives back the plan's memory; the next call makes what it needs.</summary>
    public void Dispose() => ReleasePlan();

    private Tensor DecodeTiles(Tensor unscaled, VaeTiling tiling, CancellationToken cancellationToken)
    {
        ReleasePlan();
        return new TiledDecoder(device, vae, tiling).Decode(unscaled, cancellationToken);
    }

    private void ReleasePlan()
    {
        _kept?.Plan.Dispose();
        _kept = null;
    }

    private Tensor Run(Tensor x, bool decode, CancellationToken cancellationToken)
    {
        if (_kept is not { } kept || kept.Shape != x.Shape || kept.Decode != decode)
        {
            // The VAE is the peak of memory: never two plans at once.
            ReleasePlan();
            kept = (x.Shape, decode, device.Compile(Describe(x.Shape, decode), cancellationToken: cancellationToken));
            _kept = kept;
        }

        kept.Plan.Set("x", x.Data);
        kept.Plan.Run(cancellationToken: cancellationToken);
        Tensor made = kept.Plan.Get("out");
        return new Tensor(made.Shape, [.. made.Data]);
    }
}
