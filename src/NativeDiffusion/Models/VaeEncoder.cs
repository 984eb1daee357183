using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Pictures to the mean and log-variance of their latents.</summary>
internal sealed class VaeEncoder
{
    // The epsilon of the VAE's norms; its config does not contain it.
    internal const float NormEpsilon = 1e-6f;

    private readonly Conv2d _convIn;
    private readonly ResnetBlock2D[][] _resnets;
    private readonly Downsample2D?[] _downsamplers;
    private readonly VaeMidBlock _midBlock;
    private readonly GroupNorm _convNormOut;
    private readonly Conv2d _convOut;

    /// <summary>Looks up the weights.</summary>
    public VaeEncoder(AutoencoderKLConfig config, WeightScope scope)
    {
        IReadOnlyList<int> channels = config.BlockOutChannels;
        int groups = config.NormNumGroups, last = channels.Count - 1;
        _convIn = new Conv2d(scope["conv_in"], config.InChannels, channels[0], 3);
        _resnets = [.. channels.Select((outputs, i) => Enumerable.Range(0, config.LayersPerBlock).Select(j => new ResnetBlock2D(
            scope["down_blocks"][i]["resnets"][j], j == 0 ? channels[Math.Max(i - 1, 0)] : outputs, outputs, null, groups, NormEpsilon)).ToArray())];
        _downsamplers =
            [.. channels.Select((outputs, i) => i == last ? null : new Downsample2D(scope["down_blocks"][i]["downsamplers.0"], outputs, padding: 0))];
        _midBlock = new VaeMidBlock(scope["mid_block"], channels[last], groups, NormEpsilon, config.MidBlockAddAttention);
        _convNormOut = new GroupNorm(scope["conv_norm_out"], channels[last], groups, NormEpsilon);
        _convOut = new Conv2d(scope["conv_out"], channels[last], 2 * config.LatentChannels, 3);
    }

    /// <summary>[N, H, W, 3] → [N, H/8, W/8, 2 · latent_channels].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor picture)
    {
        using PlanScope whole = ops.BeginScope("encoder");
        PlanTensor hidden = _convIn.Forward(ops, picture);
        for (int i = 0; i < _resnets.Length; i++)
        {
            using PlanScope part = ops.BeginScope($"down_blocks.{i}");
            foreach (ResnetBlock2D resnet in _resnets[i]) hidden = resnet.Forward(ops, hidden, null);
            hidden = part.Returns(_downsamplers[i]?.Forward(ops, hidden) ?? hidden);
        }

        hidden = _midBlock.Forward(ops, hidden);
        return _convOut.Forward(ops, _convNormOut.Forward(ops, hidden, silu: true));
    }
}
