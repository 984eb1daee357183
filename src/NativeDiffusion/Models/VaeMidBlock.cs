using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>The VAE's middle block: a resnet, attention unless the model has none, a resnet. diffusers' UNetMidBlock2D.</summary>
internal sealed class VaeMidBlock
{
    private readonly ResnetBlock2D _resnet0;
    private readonly VaeAttention? _attention;
    private readonly ResnetBlock2D _resnet1;

    /// <summary>Looks up the weights.</summary>
    public VaeMidBlock(WeightScope scope, int channels, int groups, float epsilon, bool attention)
    {
        _resnet0 = new ResnetBlock2D(scope["resnets.0"], channels, channels, null, groups, epsilon);
        _attention = attention ? new VaeAttention(scope["attentions.0"], channels, groups, epsilon) : null;
        _resnet1 = new ResnetBlock2D(scope["resnets.1"], channels, channels, null, groups, epsilon);
    }

    /// <summary>[N, H, W, C] → the same shape.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor hidden)
    {
        using PlanScope part = ops.BeginScope("mid_block");
        hidden = _resnet0.Forward(ops, hidden, null);
        if (_attention is not null) hidden = _attention.Forward(ops, hidden);
        return part.Returns(_resnet1.Forward(ops, hidden, null));
    }
}
