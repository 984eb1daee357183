using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>
/// A level of the down path: resnets, each with a transformer where the level has attention, then a downsampler. diffusers' DownBlock2D and
/// CrossAttnDownBlock2D.
/// </summary>
internal sealed class DownBlock2D
{
    private readonly ResnetBlock2D[] _resnets;
    private readonly Transformer2DModel[] _attentions;
    private readonly Downsample2D? _downsampler;

    /// <summary>Looks up the level's weights.</summary>
    public DownBlock2D(WeightScope scope, UNetLevel level, int inputs, int outputs, bool downsample)
    {
        _resnets = [.. Enumerable.Range(0, level.Layers).Select(i =>
            new ResnetBlock2D(scope["resnets"][i], i == 0 ? inputs : outputs, outputs, level.TimeChannels, level.Groups, level.Epsilon))];
        _attentions = level.TransformerLayers == 0 ? [] : [.. Enumerable.Range(0, level.Layers).Select(i =>
            new Transformer2DModel(scope["attentions"][i], outputs, level.ContextChannels, level.Heads, level.TransformerLayers, level.Groups))];
        _downsampler = downsample ? new Downsample2D(scope["downsamplers.0"], outputs, level.DownsamplePadding) : null;
    }

    /// <summary>[N, H, W, inputs] → [N, H/2, W/2, outputs]; every intermediate result is kept as a skip connection.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor hidden, PlanTensor siluTemb, PlanTensor context, Stack<PlanTensor> skips)
    {
        for (int i = 0; i < _resnets.Length; i++)
        {
            using (PlanScope part = ops.BeginScope($"resnets.{i}")) hidden = part.Returns(_resnets[i].Forward(ops, hidden, siluTemb));
            if (_attentions.Length > 0)
                using (PlanScope part = ops.BeginScope($"attentions.{i}")) hidden = part.Returns(_attentions[i].Forward(ops, hidden, context));
            skips.Push(hidden);
        }

        if (_downsampler is null) return hidden;
        using (PlanScope part = ops.BeginScope("downsamplers.0")) hidden = part.Returns(_downsampler.Forward(ops, hidden));
        skips.Push(hidden);
        return hidden;
    }
}
