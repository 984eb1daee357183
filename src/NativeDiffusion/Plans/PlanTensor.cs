using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>The kind of a value; the device's rules map it to an element type.</summary>
internal enum ValueRole
{
    /// <summary>Activations of a network: float32 on the CPU, float16 on a GPU.</summary>
    Activation,

    /// <summary>Float32 on every device: timesteps, normalization statistics.</summary>
    Float32,

    /// <summary>Token ids, int32.</summary>
    Tokens,
}

/// <summary>
/// A value of a graph: an identity and a shape; memory only when a device places it. Channels are innermost (pictures [N, H, W, C], tokens
/// [N, S, C]). A view is another value under another shape, or some of its channels. Immutable.
/// </summary>
public sealed class PlanTensor
{
    internal PlanTensor(TensorShape shape, ValueRole role = ValueRole.Activation)
    {
        Shape = shape;
        OwnRole = role;
    }

    /// <summary>Creates a view: the same rows, starting at a channel.</summary>
    internal PlanTensor(TensorShape shape, PlanTensor target, int firstChannel)
    {
        Shape = shape;
        Base = target.Root;
        FirstChannel = target.FirstChannel + firstChannel;
    }

    /// <summary>The logical extents, channels last.</summary>
    public TensorShape Shape { get; }

    /// <summary>The innermost extent.</summary>
    public int Channels => Shape[-1];

    /// <summary>Number of rows of channels: the product of all other extents.</summary>
    public int Rows => (int)(Shape.Count / Channels);

    /// <summary>The value that owns the memory: this one unless it is a view.</summary>
    internal PlanTensor Root => Base ?? this;

    /// <summary>The first channel of <see cref="Root"/> of a view.</summary>
    internal int FirstChannel { get; }

    /// <summary>Elements between adjacent rows in memory: the owner's channel count.</summary>
    internal int RowStride => Root.Channels;

    /// <summary>The kind of the elements.</summary>
    internal ValueRole Role => Root.OwnRole;

    /// <summary>Whether it covers all channels of its owner, in any shape.</summary>
    internal bool IsWhole => Channels == RowStride;

    private PlanTensor? Base { get; }

    private ValueRole OwnRole { get; }
}
