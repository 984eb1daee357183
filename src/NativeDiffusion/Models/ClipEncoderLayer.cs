using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Causal self-attention and a feed-forward layer, each after a layer norm and around a residual.</summary>
/// <param name="scope">The layer's name.</param>
/// <param name="config">The sizes.</param>
internal sealed class ClipEncoderLayer(WeightScope scope, ClipTextConfig config)
{
    private readonly LayerNorm _layerNorm1 = new(scope["layer_norm1"], config.HiddenSize, (float)config.LayerNormEps);
    private readonly Linear _qProj = new(scope["self_attn.q_proj"], config.HiddenSize, config.HiddenSize);
    private readonly Linear _kProj = new(scope["self_attn.k_proj"], config.HiddenSize, config.HiddenSize);
    private readonly Linear _vProj = new(scope["self_attn.v_proj"], config.HiddenSize, config.HiddenSize);
    private readonly Linear _outProj = new(scope["self_attn.out_proj"], config.HiddenSize, config.HiddenSize);
    private readonly LayerNorm _layerNorm2 = new(scope["layer_norm2"], config.HiddenSize, (float)config.LayerNormEps);
    private readonly Linear _fc1 = new(scope["mlp.fc1"], config.HiddenSize, config.IntermediateSize);
    private readonly Linear _fc2 = new(scope["mlp.fc2"], config.IntermediateSize, config.HiddenSize);
    private readonly Activation _activation = config.HiddenAct == "gelu" ? Activation.Gelu : Activation.QuickGelu;

    /// <summary>[N, S, D] → [N, S, D].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x)
    {
        PlanTensor normed = _layerNorm1.Forward(ops, x);
        PlanTensor attended = ops.Attention(
            _qProj.Forward(ops, normed), _kProj.Forward(ops, normed), _vProj.Forward(ops, normed), config.NumAttentionHeads, causal: true);
        x = ops.Add(_outProj.Forward(ops, attended), x);
        return ops.Add(_fc2.Forward(ops, ops.Activate(_fc1.Forward(ops, _layerNorm2.Forward(ops, x)), _activation)), x);
    }
}
