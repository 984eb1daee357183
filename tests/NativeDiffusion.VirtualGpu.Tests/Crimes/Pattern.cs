using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

/// <summary>A kernel of Sources: how it is launched, what it must give, and what it is found as where it lacks the thing.</summary>
/// <param name="Name">The kernel.</param>
/// <param name="Kind">The finding of its crime.</param>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of each.</param>
/// <param name="Expected">What must lie at an index of y after it; an index that it does not write is not asked for.</param>
internal sealed record Pattern(string Name, FindingKind Kind, uint Grid, Dimensions Block, Func<int, float> Expected)
{
    /// <summary>How many of y are looked at.</summary>
    public int Count { get; init; } = 64;

    public int DynamicShared { get; init; }

    /// <summary>What it is as well, where the schedule decides.</summary>
    public FindingKind? Also { get; init; }

    /// <summary>True where the results are whole numbers in z.</summary>
    public bool IsInZ { get; init; }
}
