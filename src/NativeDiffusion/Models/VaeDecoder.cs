using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Latents to pictures.</summary>
internal sealed class VaeDecoder
{
    private readonly Conv2d _convIn;
    private readonly VaeMidBlock _midBlock;
    private readonly ResnetBlock2D[][] _resnets;
    private readonly Upsample2D?[] _upsamplers;
    private readonly GroupNorm _convNormOut;
    private readonly Conv2d _convOut;

    /// <summary>Looks up the weights.</summary>
    public VaeDecoder(AutoencoderKLConfig config, WeightScope scope)
    {
        int[] channels = [.. config.BlockOutChannels.Reverse()];
        int groups = config.NormNumGroups, last = channels.Length - 1;
        _convIn = new Conv2d(scope["conv_in"], config.LatentChannels, channels[0], 3);
        _midBlock = new VaeMidBlock(scope["mid_block"], channels[0], groups, VaeEncoder.NormEpsilon, config.MidBlockAddAttention);
        _resnets = [.. channels.Select((outputs, i) => Enumerable.Range(0, config.LayersPerBlock + 1).Select(j => new ResnetBlock2D(
            scope["up_blocks"][i]["resnets"][j], j == 0 ? channels[Math.Max(i - 1, 0)] : outputs, outputs, null, groups, VaeEncoder.NormEpsilon)).ToArray())];
        _upsamplers = [.. channels.Select((outputs, i) => i == last ? null : new Upsample2D(scope["up_blocks"][i]["upsamplers.0"], outputs))];
        _convNormOut = new GroupNorm(scope["conv_norm_out"], channels[last], groups, VaeEncoder.NormEpsilon);
        _convOut = new Conv2d(scope["conv_out"], channels[last], config.OutChannels, 3);
    }

    /// <summary>[N, H, W, latent_channels] → [N, H, W, C]: the part with attention, at the latents' size.</summary>
    public PlanTensor Bottom(PlanBuilder ops, PlanTensor latents)
    {
        using PlanScope whole = ops.BeginScope("decoder");
        return _midBlock.Forward(ops, _convIn.Forward(ops, latents));
    }

    /// <summary>[N, H, W, C] → [N, 8H, 8W, 3], about -1 to 1: group norms and convolutions alone.</summary>
    public PlanTensor Up(PlanBuilder ops, PlanTensor hidden)
    {
        using PlanScope whole = ops.BeginScope("decoder");
        for (int i = 0; i < _resnets.Length; i++)
        {
            using PlanScope part = ops.BeginScope($"up_blocks.{i}");
            foreach (ResnetBlock2D resnet in _resnets[i]) hidden = resnet.Forward(ops, hidden, null);
            if (_upsamplers[i] is { } upsampler) hidden = upsampler.Forward(ops, hidden, 2 * hidden.Shape[1], 2 * hidden.Shape[2]);
            hidden = part.Returns(hidden);
        }

        return _convOut.Forward(ops, _convNormOut.Forward(ops, hidden, silu: true));
    }
}
