using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>A kernel of Sources: its launch, its expected results, and the finding with DEFECT defined.</summary>
/// <param name="Name">The kernel.</param>
/// <param name="Kind">The finding of its defect.</param>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of each.</param>
/// <param name="Expected">What must lie at an index of y after it; an index that it does not write is not asked for.</param>
internal sealed record Pattern(string Name, FindingKind Kind, uint Grid, Dimensions Block, Func<int, float> Expected)
{
    /// <summary>The number of elements of y to compare.</summary>
    public int Count { get; init; } = 64;

    public int DynamicShared { get; init; }

    /// <summary>A second possible kind, if the schedule determines which is reported.</summary>
    public FindingKind? Also { get; init; }

    /// <summary>True where the results are whole numbers in z.</summary>
    public bool IsInZ { get; init; }
}
