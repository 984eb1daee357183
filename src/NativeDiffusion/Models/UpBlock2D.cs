using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>
/// A level of the up path: resnets that each read one skip connection beside their input, then an upsampler. diffusers' UpBlock2D and
/// CrossAttnUpBlock2D.
/// </summary>
internal sealed class UpBlock2D
{
    private readonly ResnetBlock2D[] _resnets;
    private readonly Transformer2DModel[] _attentions;
    private readonly Upsample2D? _upsampler;

    /// <summary>Looks up the level's weights.</summary>
    /// <param name="scope">The level's name.</param>
    /// <param name="level">The shared parameters; one resnet more than on the down path.</param>
    /// <param name="below">Input channels, from the level below.</param>
    /// <param name="outputs">The level's channels.</param>
    /// <param name="lastSkip">Channels of the skip connection of the last resnet.</param>
    /// <param name="upsample">Whether the level ends with an upsampler.</param>
    public UpBlock2D(WeightScope scope, UNetLevel level, int below, int outputs, int lastSkip, bool upsample)
    {
        _resnets = [.. Enumerable.Range(0, level.Layers).Select(i => new ResnetBlock2D(
            scope["resnets"][i],
            (i == 0 ? below : outputs) + (i == level.Layers - 1 ? lastSkip : outputs),
            outputs, level.TimeChannels, level.Groups, level.Epsilon))];
        _attentions = level.TransformerLayers == 0 ? [] : [.. Enumerable.Range(0, level.Layers).Select(i =>
            new Transformer2DModel(scope["attentions"][i], outputs, level.ContextChannels, level.Heads, level.TransformerLayers, level.Groups))];
        _upsampler = upsample ? new Upsample2D(scope["upsamplers.0"], outputs) : null;
    }

    /// <summary>[N, H, W, below] → the size of the next skip connection.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor hidden, PlanTensor siluTemb, PlanTensor context, Stack<PlanTensor> skips)
    {
        for (int i = 0; i < _resnets.Length; i++)
        {
            using (PlanScope part = ops.BeginScope($"resnets.{i}"))
                hidden = part.Returns(_resnets[i].Forward(ops, ops.ConcatChannels(hidden, skips.Pop()), siluTemb));
            if (_attentions.Length > 0)
                using (PlanScope part = ops.BeginScope($"attentions.{i}")) hidden = part.Returns(_attentions[i].Forward(ops, hidden, context));
        }

        if (_upsampler is null) return hidden;
        PlanTensor next = skips.Peek();
        using (PlanScope part = ops.BeginScope("upsamplers.0")) return part.Returns(_upsampler.Forward(ops, hidden, next.Shape[1], next.Shape[2]));
    }
}
