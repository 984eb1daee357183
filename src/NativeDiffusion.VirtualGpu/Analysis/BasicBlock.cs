using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>
/// A basic block. An instruction at which lanes synchronise stands first in its block; its guard, like
/// that of a call, has become the branch of an empty block in front of it.
/// </summary>
internal sealed class BasicBlock(int index, int first)
{
    public int Index => index;

    /// <summary>Index of the first instruction.</summary>
    public int First => first;

    /// <summary>Index past the last instruction, the terminator excluded.</summary>
    public int End { get; set; }

    public TerminatorKind Terminator { get; set; } = TerminatorKind.Next;

    /// <summary>The branch, call or return instruction itself, if there is one.</summary>
    public PtxInstruction? TerminatorInstruction { get; set; }

    /// <summary>Whether the branch's guard is negated.</summary>
    public PtxRegister? Predicate { get; set; }

    public bool IsPredicateNegated { get; set; }

    /// <summary>The target of a jump or taken branch.</summary>
    public int Target { get; set; } = -1;

    /// <summary>The fall-through target, or the block after a call.</summary>
    public int Next { get; set; } = -1;

    public IReadOnlyList<int> Targets { get; set; } = [];

    /// <summary>True if the first instruction synchronises lanes.</summary>
    public bool IsRendezvous { get; set; }

    public IEnumerable<int> Successors => Terminator switch
    {
        TerminatorKind.Next or TerminatorKind.Call => [Next],
        TerminatorKind.Jump => [Target],
        TerminatorKind.Branch => [Target, Next],
        TerminatorKind.Table => Targets,
        _ => [],
    };
}
