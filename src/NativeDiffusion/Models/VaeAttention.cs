using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Self-attention with one head over the pixels of the VAE's middle block, around a residual.</summary>
/// <param name="scope">Where <c>group_norm</c>, <c>to_q</c>, … are.</param>
/// <param name="channels">The width.</param>
/// <param name="groups">Of the norm.</param>
/// <param name="epsilon">Of the norm.</param>
internal sealed class VaeAttention(WeightScope scope, int channels, int groups, float epsilon)
{
    private readonly GroupNorm _groupNorm = new(scope["group_norm"], channels, groups, epsilon);
    private readonly CrossAttention _attention = new(scope, channels, channels, heads: 1, bias: true);

    /// <summary>[N, H, W, C] → the same shape.</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x)
    {
        TensorShape picture = x.Shape;
        PlanTensor tokens = PlanBuilder.Reshape(_groupNorm.Forward(ops, x), new TensorShape(picture[0], picture[1] * picture[2], picture[3]));
        return ops.Add(PlanBuilder.Reshape(_attention.Forward(ops, tokens, tokens), picture), x);
    }
}
