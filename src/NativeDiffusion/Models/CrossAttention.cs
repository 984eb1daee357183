using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Attention of pixels to a context, or to themselves (arXiv:1706.03762, arXiv:2112.10752).</summary>
/// <param name="scope">Where <c>to_q</c>, <c>to_k</c>, <c>to_v</c> and <c>to_out.0</c> are.</param>
/// <param name="channels">Width of the pixels.</param>
/// <param name="contextChannels">Width of the context.</param>
/// <param name="heads">How many heads share the channels.</param>
/// <param name="bias">Whether q, k and v have biases (the VAE's do).</param>
internal sealed class CrossAttention(WeightScope scope, int channels, int contextChannels, int heads, bool bias = false)
{
    private readonly Linear _toQ = new(scope["to_q"], channels, channels, bias);
    private readonly Linear _toK = new(scope["to_k"], contextChannels, channels, bias);
    private readonly Linear _toV = new(scope["to_v"], contextChannels, channels, bias);
    private readonly Linear _toOut = new(scope["to_out.0"], channels, channels);

    /// <summary>[N, S, channels], [N, T, contextChannels] → [N, S, channels].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x, PlanTensor context)
    {
        PlanTensor attended = ops.Attention(_toQ.Forward(ops, x), _toK.Forward(ops, context), _toV.Forward(ops, context), heads);
        return _toOut.Forward(ops, attended);
    }
}
