using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The synchronisation at the start of a block.</summary>
internal sealed class SynchronizationPoint
{
    public required SynchronizationKind Kind { get; init; }

    public required PtxInstruction Source { get; init; }

    /// <summary>True if all live lanes of the warp must reach this very instruction.</summary>
    public required bool IsAligned { get; init; }

    /// <summary>Place of the member mask, or of the barrier's number.</summary>
    public int First { get; init; }

    /// <summary>Place of the barrier's count of threads; -1 for all threads of the block.</summary>
    public int Count { get; init; } = -1;

    /// <summary>Place of the predicate that bar.red reduces; -1 without.</summary>
    public int Predicate { get; init; } = -1;

    public bool IsPredicateNegated { get; init; }
}
