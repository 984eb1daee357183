using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>
/// A value of a plan: a shape now, memory when a device compiles the plan. Channels are innermost
/// (pictures [N, H, W, C], tokens [N, S, C]), float32 on the CPU.
/// </summary>
public sealed class PlanTensor
{
    internal PlanTensor(TensorShape shape) => Shape = shape;

    /// <summary>The logical extents, channels last.</summary>
    public TensorShape Shape { get; }

    /// <summary>The innermost extent.</summary>
    public int Channels => Shape[-1];

    /// <summary>How many rows of channels there are: the product of all other extents.</summary>
    public int Rows => (int)(Shape.Count / Channels);

    /// <summary>The tensor whose memory this one looks into, or null when it has its own.</summary>
    public PlanTensor? Base { get; private set; }

    /// <summary>The first channel of <see cref="Root"/> that belongs to this tensor.</summary>
    public int ChannelOffset { get; private set; }

    /// <summary>The tensor that owns the memory.</summary>
    public PlanTensor Root => Base is null ? this : Base.Root;

    /// <summary>Numbers between neighbouring rows in memory: the owner's channel count.</summary>
    public int RowStride => Root.Channels;

    internal void LookInto(PlanTensor target, int channelOffset)
    {
        Base = target.Root;
        ChannelOffset = target.ChannelOffset + channelOffset;
    }
}
