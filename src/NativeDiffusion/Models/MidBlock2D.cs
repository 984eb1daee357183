using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>The middle block: a resnet, a transformer, a resnet. diffusers' UNetMidBlock2DCrossAttn.</summary>
internal sealed class MidBlock2D
{
    private readonly ResnetBlock2D _resnet0;
    private readonly Transformer2DModel _attention;
    private readonly ResnetBlock2D _resnet1;

    /// <summary>Looks up the weights.</summary>
    public MidBlock2D(WeightScope scope, UNetLevel level, int channels)
    {
        _resnet0 = new ResnetBlock2D(scope["resnets.0"], channels, channels, level.TimeChannels, level.Groups, level.Epsilon);
        _attention = new Transformer2DModel(scope["attentions.0"], channels, level.ContextChannels, level.Heads, level.TransformerLayers, level.Groups);
        _resnet1 = new ResnetBlock2D(scope["resnets.1"], channels, channels, level.TimeChannels, level.Groups, level.Epsilon);
    }

    /// <summary>[N, H, W, C] → the same shape.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor hidden, PlanTensor siluTemb, PlanTensor context)
    {
        using (PlanScope part = ops.BeginScope("resnets.0")) hidden = part.Returns(_resnet0.Forward(ops, hidden, siluTemb));
        using (PlanScope part = ops.BeginScope("attentions.0")) hidden = part.Returns(_attention.Forward(ops, hidden, context));
        using (PlanScope part = ops.BeginScope("resnets.1")) return part.Returns(_resnet1.Forward(ops, hidden, siluTemb));
    }
}
