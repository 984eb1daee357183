using System.Collections.Immutable;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>
/// What a device's operations can do at once. The passes that lower a graph ask here and nowhere else; what a device cannot do stays an
/// operation of its own, which every device has.
/// </summary>
internal sealed record DeviceCapabilities
{
    /// <summary>A device whose operations do one thing each.</summary>
    public static DeviceCapabilities None { get; } = new();

    /// <summary>The activations that a product applies in its epilogue.</summary>
    public ImmutableHashSet<Activation> EpilogueActivations { get; init; } = [];

    /// <summary>Whether a product's epilogue adds one row a sample (the time embedding).</summary>
    public bool EpilogueImageBias { get; init; }

    /// <summary>Whether a product's epilogue adds a value of the result's shape.</summary>
    public bool EpilogueResidual { get; init; }

    /// <summary>How many segments one product sums.</summary>
    public int SegmentsPerProduct { get; init; } = 1;

    /// <summary>Whether segments of one product may have different windows: a 3x3 convolution and its 1x1 shortcut.</summary>
    public bool MixedWindows { get; init; }

    /// <summary>Whether the readers of a product take some of its columns: joined q, k and v, joined time projections.</summary>
    public bool SlicedRows { get; init; }

    /// <summary>Whether a convolution reads a picture as if it were nearest-upsampled.</summary>
    public bool VirtualUpsampling { get; init; }

    /// <summary>Whether a group norm reads two sources as if their channels were concatenated.</summary>
    public bool TwoSourceNorms { get; init; }

    /// <summary>Whether a product reports the group statistics of its result as a second output.</summary>
    public bool ProductStatistics { get; init; }
}
