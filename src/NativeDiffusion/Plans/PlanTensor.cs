using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>What a value holds; the device's rules turn it into an element type.</summary>
internal enum ValueRole
{
    /// <summary>Activate of a network: float32 on the CPU, halves on a card.</summary>
    Activation,

    /// <summary>Float32 on every device: timesteps, statistics of norms.</summary>
    Float32,

    /// <summary>Token ids, int32.</summary>
    Tokens,
}

/// <summary>
/// A value of a graph: an identity and a shape; memory only when a device places it. Channels are innermost (pictures [N, H, W, C], tokens
/// [N, S, C]). A view shows rows of another value under another shape, or some channels of them. Immutable.
/// </summary>
public sealed class PlanTensor
{
    internal PlanTensor(TensorShape shape, ValueRole role = ValueRole.Activation)
    {
        Shape = shape;
        OwnRole = role;
    }

    /// <summary>Makes a view: the same rows, from a channel on.</summary>
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

    /// <summary>How many rows of channels there are: the product of all other extents.</summary>
    public int Rows => (int)(Shape.Count / Channels);

    /// <summary>The value that owns the memory: this one unless it is a view.</summary>
    internal PlanTensor Root => Base ?? this;

    /// <summary>The first channel of <see cref="Root"/> that a view shows.</summary>
    internal int FirstChannel { get; }

    /// <summary>Numbers between neighbouring rows in memory: the owner's channel count.</summary>
    internal int RowStride => Root.Channels;

    /// <summary>What the memory holds.</summary>
    internal ValueRole Role => Root.OwnRole;

    /// <summary>Whether it shows all channels of its owner, under whatever shape.</summary>
    internal bool IsWhole => Channels == RowStride;

    private PlanTensor? Base { get; }

    private ValueRole OwnRole { get; }
}
