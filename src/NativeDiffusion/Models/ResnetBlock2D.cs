using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>
/// Two normalised convolutions around a residual (He et al. 2015, arXiv:1512.03385, in diffusers' form), the time embedding added between them.
/// </summary>
internal sealed class ResnetBlock2D
{
    private readonly GroupNorm _norm1;
    private readonly Conv2d _conv1;
    private readonly Linear? _timeEmbProj;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _conv2;
    private readonly Conv2d? _convShortcut;

    /// <summary>Looks up the block's weights.</summary>
    /// <param name="scope">The block's name.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="timeChannels">Width of the time embedding, or null (VAE).</param>
    /// <param name="groups">Of both norms.</param>
    /// <param name="epsilon">Of both norms.</param>
    public ResnetBlock2D(WeightScope scope, int inputs, int outputs, int? timeChannels, int groups, float epsilon)
    {
        _norm1 = new GroupNorm(scope["norm1"], inputs, groups, epsilon);
        _conv1 = new Conv2d(scope["conv1"], inputs, outputs, 3);
        _timeEmbProj = timeChannels is { } width ? new Linear(scope["time_emb_proj"], width, outputs) : null;
        _norm2 = new GroupNorm(scope["norm2"], outputs, groups, epsilon);
        _conv2 = new Conv2d(scope["conv2"], outputs, outputs, 3);
        _convShortcut = inputs == outputs ? null : new Conv2d(scope["conv_shortcut"], inputs, outputs, 1);
    }

    /// <summary>[N, H, W, inputs] → [N, H, W, outputs].</summary>
    /// <param name="ops">The plan.</param>
    /// <param name="x">The input.</param>
    /// <param name="siluTemb">SiLU of the time embedding [N, timeChannels], or null.</param>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor x, PlanTensor? siluTemb)
    {
        PlanTensor hidden = _conv1.Forward(ops, _norm1.Forward(ops, x, silu: true));                    // [N, H, W, outputs]
        if (_timeEmbProj is not null) hidden = ops.Add(hidden, _timeEmbProj.Forward(ops, siluTemb!));
        hidden = _conv2.Forward(ops, _norm2.Forward(ops, hidden, silu: true));
        return ops.Add(_convShortcut?.Forward(ops, x) ?? x, hidden);
    }
}
