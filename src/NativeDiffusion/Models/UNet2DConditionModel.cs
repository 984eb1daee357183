using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>
/// The denoiser: predicts the noise of a latent at a timestep, given the prompt (Rombach et al. 2022, arXiv:2112.10752).
/// Holds names and shapes of weights, not their numbers. Immutable.
/// </summary>
public sealed class UNet2DConditionModel
{
    private readonly Conv2d _convIn;
    private readonly TimestepEmbedding _timeEmbedding;
    private readonly DownBlock2D[] _downBlocks;
    private readonly MidBlock2D _midBlock;
    private readonly UpBlock2D[] _upBlocks;
    private readonly GroupNorm _convNormOut;
    private readonly Conv2d _convOut;

    /// <summary>Looks up all weights.</summary>
    /// <param name="config">The sizes.</param>
    /// <param name="scope">Where <c>conv_in</c>, <c>down_blocks</c>, … are.</param>
    /// <exception cref="CheckpointException">A weight is missing or has another shape.</exception>
    public UNet2DConditionModel(UNet2DConditionConfig config, WeightScope scope)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        IReadOnlyList<int> channels = config.BlockOutChannels;
        int last = config.BlockCount - 1;
        UNetLevel Level(int block, int layers, bool attention) => new(
            layers, attention ? config.TransformerLayersPerBlock[block] : 0, config.AttentionHeads[block],
            config.CrossAttentionDim, config.TimeEmbeddingDim, config.NormNumGroups, (float)config.NormEps, config.DownsamplePadding);

        _convIn = new Conv2d(scope["conv_in"], config.InChannels, channels[0], 3);
        _timeEmbedding = new TimestepEmbedding(scope["time_embedding"], channels[0], config.TimeEmbeddingDim);
        _downBlocks = [.. Enumerable.Range(0, config.BlockCount).Select(i => new DownBlock2D(
            scope["down_blocks"][i], Level(i, config.LayersPerBlock[i], config.DownBlockHasAttention(i)),
            channels[Math.Max(i - 1, 0)], channels[i], downsample: i < last))];
        _midBlock = new MidBlock2D(scope["mid_block"], Level(last, 1, attention: true), channels[last]);
        _upBlocks = [.. Enumerable.Range(0, config.BlockCount).Select(i => new UpBlock2D(
            scope["up_blocks"][i], Level(last - i, config.LayersPerBlock[last - i] + 1, config.UpBlockHasAttention(i)),
            channels[Math.Min(last - i + 1, last)], channels[last - i], channels[Math.Max(last - i - 1, 0)], upsample: i < last))];
        _convNormOut = new GroupNorm(scope["conv_norm_out"], channels[0], config.NormNumGroups, (float)config.NormEps);
        _convOut = new Conv2d(scope["conv_out"], channels[0], config.OutChannels, 3);
    }

    /// <summary>The sizes.</summary>
    public UNet2DConditionConfig Config { get; }

    /// <summary>Records the forward pass.</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="sample">[N, H, W, in_channels], already scaled by the denoiser's c_in.</param>
    /// <param name="timestep">[N, 1]; fractional timesteps are fine.</param>
    /// <param name="encoderHiddenStates">[N, T, cross_attention_dim].</param>
    /// <param name="additionalResiduals">Added to the skip connections in order, then to the middle block (ControlNet); or null.</param>
    /// <returns>[N, H, W, out_channels]: noise, velocity or sample, as the model was trained.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public PlanTensor Forward(
        PlanBuilder ops, PlanTensor sample, PlanTensor timestep, PlanTensor encoderHiddenStates, IReadOnlyList<PlanTensor>? additionalResiduals = null)
    {
        // 1. time
        PlanTensor sinusoids = ops.TimestepEmbedding(timestep, Config.BlockOutChannels[0], Config.FlipSinToCos, Config.FreqShift);
        PlanTensor siluTemb = ops.Activate(_timeEmbedding.Forward(ops, sinusoids), Activation.Silu);                 // [N, 4C]

        // 2. pre-process
        PlanTensor hidden;
        using (PlanScope part = ops.BeginScope("conv_in")) hidden = part.Returns(_convIn.Forward(ops, sample));       // [N, H, W, C]

        // 3. down
        var skips = new Stack<PlanTensor>([hidden]);
        for (int i = 0; i < _downBlocks.Length; i++)
            using (PlanScope part = ops.BeginScope($"down_blocks.{i}"))
                hidden = part.Returns(_downBlocks[i].Forward(ops, hidden, siluTemb, encoderHiddenStates, skips));
        if (additionalResiduals is not null) skips = Add(ops, skips, additionalResiduals);

        // 4. mid
        using (PlanScope part = ops.BeginScope("mid_block"))
        {
            hidden = _midBlock.Forward(ops, hidden, siluTemb, encoderHiddenStates);                                  // [N, H/8, W/8, 4C]
            if (additionalResiduals is not null) hidden = ops.Add(hidden, additionalResiduals[^1]);
            hidden = part.Returns(hidden);
        }

        // 5. up
        for (int i = 0; i < _upBlocks.Length; i++)
            using (PlanScope part = ops.BeginScope($"up_blocks.{i}"))
                hidden = part.Returns(_upBlocks[i].Forward(ops, hidden, siluTemb, encoderHiddenStates, skips));

        // 6. post-process
        return PostProcess(ops, hidden);                                                                              // [N, H, W, out_channels]
    }

    private static Stack<PlanTensor> Add(PlanBuilder ops, Stack<PlanTensor> skips, IReadOnlyList<PlanTensor> residuals)
    {
        if (residuals.Count != skips.Count + 1)
            throw new ArgumentException(
                $"The UNet has {skips.Count} skip connections and one middle block, but {residuals.Count} residuals were given.", nameof(residuals));
        return new Stack<PlanTensor>(skips.Reverse().Select((skip, i) => ops.Add(skip, residuals[i])));
    }

    private PlanTensor PostProcess(PlanBuilder ops, PlanTensor hidden)
    {
        // The norm's own result can be tapped; then the activation is a separate operation, otherwise it is fused.
        if (ops.IsTapped("conv_norm_out"))
        {
            using PlanScope part = ops.BeginScope("conv_norm_out");
            PlanTensor normed = part.Returns(_convNormOut.Forward(ops, hidden));
            return _convOut.Forward(ops, ops.Activate(normed, Activation.Silu));
        }

        return _convOut.Forward(ops, _convNormOut.Forward(ops, hidden, silu: true));
    }
}
