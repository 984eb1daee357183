namespace NativeDiffusion.Tests.Cpu;

/// <summary>A layer with its adapter slot in use: low-rank segments over ranges of its columns, and factors of its segments.</summary>
internal sealed record AdapterCase(Conv2dCase Layer, params AdapterPart[] Parts)
{
    public FactorPart[] Factors { get; init; } = [];

    public string Name => Layer.Name;

    /// <summary>Terms of the longest sum.</summary>
    public long Depth => Layer.Depth + Parts.Sum(part => (long)part.Rank);

    public override string ToString() => Name;
}

/// <summary>t · Upᵀ over columns <paramref name="First"/> … <paramref name="End"/> - 1, of a rank within the one reserved.</summary>
internal sealed record AdapterPart(int First, int End, int Rank, int Reserved);

/// <summary>
/// Factors of columns <paramref name="First"/> … <paramref name="End"/> - 1 over some of the layer's segments; shared: one line for all pictures.
/// </summary>
internal sealed record FactorPart(int First, int End, int FirstSegment = 0, int SegmentCount = 1, bool IsShared = false);
