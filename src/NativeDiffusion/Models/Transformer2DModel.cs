using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Transformer blocks over the pixels of a picture, around a residual (Rombach et al. 2022, arXiv:2112.10752).</summary>
internal sealed class Transformer2DModel
{
    // diffusers fixes this epsilon independently of norm_eps.
    private const float NormEpsilon = 1e-6f;

    private readonly GroupNorm _norm;
    private readonly Linear _projIn;
    private readonly BasicTransformerBlock[] _blocks;
    private readonly Linear _projOut;

    /// <summary>Looks up the weights. A 1x1 convolution over pixels is a linear layer: both kinds of projection are read as one.</summary>
    /// <param name="scope">The part's name.</param>
    /// <param name="channels">Width of the pixels.</param>
    /// <param name="contextChannels">Width of the prompt's states.</param>
    /// <param name="heads">How many heads share the channels.</param>
    /// <param name="layers">How many transformer blocks.</param>
    /// <param name="groups">Of the norm.</param>
    public Transformer2DModel(WeightScope scope, int channels, int contextChannels, int heads, int layers, int groups)
    {
        _norm = new GroupNorm(scope["norm"], channels, groups, NormEpsilon);
        _projIn = new Linear(scope["proj_in"], channels, channels);
        _blocks = [.. Enumerable.Range(0, layers).Select(i => new BasicTransformerBlock(scope["transformer_blocks"][i], channels, contextChannels, heads))];
        _projOut = new Linear(scope["proj_out"], channels, channels);
    }

    /// <summary>[N, H, W, C], context [N, T, D] → [N, H, W, C].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x, PlanTensor context)
    {
        TensorShape picture = x.Shape;
        var tokens = new TensorShape(picture[0], picture[1] * picture[2], picture[3]);
        PlanTensor hidden = _projIn.Forward(ops, PlanBuilder.Reshape(_norm.Forward(ops, x), tokens));     // [N, H·W, C]
        foreach (BasicTransformerBlock block in _blocks) hidden = block.Forward(ops, hidden, context);
        return ops.Add(PlanBuilder.Reshape(_projOut.Forward(ops, hidden), picture), x);
    }
}
