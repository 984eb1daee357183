using System.Collections.Immutable;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>
/// Which fusions a device supports. The passes that lower a graph query only this; what a device does not support remains an
/// operation of its own, which every device supports.
/// </summary>
internal sealed record DeviceCapabilities
{
    /// <summary>A device without fused operations.</summary>
    public static DeviceCapabilities None { get; } = new();

    /// <summary>The activations that a product applies in its epilogue.</summary>
    public ImmutableHashSet<Activation> EpilogueActivations { get; init; } = [];

    /// <summary>Whether a product's epilogue adds one row per sample (the time embedding).</summary>
    public bool EpilogueImageBias { get; init; }

    /// <summary>Whether a product's epilogue adds a value of the result's shape.</summary>
    public bool EpilogueResidual { get; init; }

    /// <summary>Maximum number of segments in one product.</summary>
    public int SegmentsPerProduct { get; init; } = 1;

    /// <summary>Whether segments of one product may have different windows: a 3x3 convolution and its 1x1 shortcut.</summary>
    public bool MixedWindows { get; init; }

    /// <summary>Whether the consumers of a product can read a range of its columns: joined q, k and v, joined time projections.</summary>
    public bool SlicedRows { get; init; }

    /// <summary>Whether a convolution reads a picture as if it were nearest-upsampled.</summary>
    public bool VirtualUpsampling { get; init; }

    /// <summary>Whether a group norm reads two sources as if their channels were concatenated.</summary>
    public bool TwoSourceNorms { get; init; }

    /// <summary>Whether a product reports the group statistics of its result as a second output.</summary>
    public bool ProductStatistics { get; init; }
}
