using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Self-attention, attention to the prompt and a feed-forward layer, each after a layer norm and around a residual.</summary>
/// <param name="scope">The block's name.</param>
/// <param name="channels">Width of the pixels.</param>
/// <param name="contextChannels">Width of the prompt's states.</param>
/// <param name="heads">How many heads share the channels.</param>
internal sealed class BasicTransformerBlock(WeightScope scope, int channels, int contextChannels, int heads)
{
    private readonly LayerNorm _norm1 = new(scope["norm1"], channels);
    private readonly CrossAttention _attn1 = new(scope["attn1"], channels, channels, heads);
    private readonly LayerNorm _norm2 = new(scope["norm2"], channels);
    private readonly CrossAttention _attn2 = new(scope["attn2"], channels, contextChannels, heads);
    private readonly LayerNorm _norm3 = new(scope["norm3"], channels);
    private readonly FeedForward _ff = new(scope["ff"], channels);

    /// <summary>[N, S, C], context [N, T, D] → [N, S, C].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x, PlanTensor context)
    {
        PlanTensor normed = _norm1.Forward(ops, x);
        x = ops.Add(_attn1.Forward(ops, normed, normed), x);
        x = ops.Add(_attn2.Forward(ops, _norm2.Forward(ops, x), context), x);
        return ops.Add(_ff.Forward(ops, _norm3.Forward(ops, x)), x);
    }
}
