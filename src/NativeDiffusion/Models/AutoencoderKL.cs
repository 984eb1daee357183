using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>
/// Pictures to latents and back (Kingma and Welling 2013, arXiv:1312.6114; in the form of arXiv:2112.10752).
/// Independent of the scaling factor, which callers apply. Holds names and shapes, not numbers. Immutable.
/// </summary>
public sealed class AutoencoderKL
{
    private readonly VaeEncoder _encoder;
    private readonly VaeDecoder _decoder;
    private readonly Conv2d? _quantConv;
    private readonly Conv2d? _postQuantConv;

    /// <summary>Looks up all weights.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="scope">Where <c>encoder</c>, <c>decoder</c>, <c>quant_conv</c> and <c>post_quant_conv</c> are.</param>
    /// <exception cref="CheckpointException">A weight is missing or has another shape.</exception>
    public AutoencoderKL(AutoencoderKLConfig config, WeightScope scope)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        int latent = config.LatentChannels;
        _encoder = new VaeEncoder(config, scope["encoder"]);
        _decoder = new VaeDecoder(config, scope["decoder"]);
        _quantConv = config.UseQuantConv ? new Conv2d(scope["quant_conv"], 2 * latent, 2 * latent, 1) : null;
        _postQuantConv = config.UsePostQuantConv ? new Conv2d(scope["post_quant_conv"], latent, latent, 1) : null;
    }

    /// <summary>The sizes.</summary>
    public AutoencoderKLConfig Config { get; }

    /// <summary>Records the encoder.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="picture">[N, H, W, 3], -1 to 1.</param>
    /// <returns>[N, H/8, W/8, 2 · latent_channels]: means, then log-variances, unscaled.</returns>
    public PlanTensor Encode(PlanBuilder ops, PlanTensor picture)
    {
        PlanTensor moments = _encoder.Forward(ops, picture);
        return _quantConv?.Forward(ops, moments) ?? moments;
    }

    /// <summary>Records the decoder.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="latents">[N, H, W, latent_channels], unscaled.</param>
    /// <returns>[N, 8H, 8W, 3], about -1 to 1.</returns>
    public PlanTensor Decode(PlanBuilder ops, PlanTensor latents) => DecodeUp(ops, DecodeBottom(ops, latents));

    /// <summary>Records the decoder's first part, at the latents' size: the only one with attention.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="latents">[N, H, W, latent_channels], unscaled.</param>
    /// <returns>[N, H, W, C], C the last of block_out_channels.</returns>
    public PlanTensor DecodeBottom(PlanBuilder ops, PlanTensor latents) => _decoder.Bottom(ops, _postQuantConv?.Forward(ops, latents) ?? latents);

    /// <summary>Records the decoder's second part: convolutions and group norms, so that it can run on tiles with norms of the whole.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="hidden">[N, H, W, C] of <see cref="DecodeBottom"/>.</param>
    /// <returns>[N, 8H, 8W, 3], about -1 to 1.</returns>
    public PlanTensor DecodeUp(PlanBuilder ops, PlanTensor hidden) => _decoder.Up(ops, hidden);
}
