using NativeDiffusion.VirtualGpu.Analysis;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A basic block prepared for execution.</summary>
internal sealed class CodeBlock
{
    public required int Index { get; init; }

    public required LaneOperation[] Operations { get; init; }

    /// <summary>The synchronisation before the block runs; null in most blocks.</summary>
    public SynchronizationPoint? Synchronization { get; init; }

    public required TerminatorKind Terminator { get; init; }

    /// <summary>Place of the predicate of a branch, or of the index into a table of targets.</summary>
    public int Selector { get; init; }

    public bool IsPredicateNegated { get; init; }

    public int Target { get; init; }

    public int Next { get; init; }

    public IReadOnlyList<int> Targets { get; init; } = [];

    public CallPlan? Call { get; init; }

    /// <summary>How many instructions of each class one pass through the block issues.</summary>
    public required InstructionMix Mix { get; init; }

    /// <summary>Its last instruction; null for the empty block at a function's end.</summary>
    public PtxInstruction? Last { get; init; }

    /// <summary>True if the block only exits.</summary>
    public bool IsWayOut { get; init; }

    /// <summary>The block's compiled code, where code can be compiled.</summary>
    public BodyDelegate? Body { get; set; }

    /// <summary>Blocks after this one that forward control flow reaches: lanes there have bypassed it.</summary>
    public HashSet<int>? Behind { get; init; }
}
