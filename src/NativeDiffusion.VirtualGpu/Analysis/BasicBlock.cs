using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>
/// Instructions that run one after the other. An instruction at which lanes wait for each other stands first in its block; its guard, like
/// that of a call, has become the branch of an empty block in front of it.
/// </summary>
internal sealed class BasicBlock(int index, int first)
{
    public int Index => index;

    /// <summary>Index of the first instruction.</summary>
    public int First => first;

    /// <summary>Index behind the last instruction that is not the terminator's.</summary>
    public int End { get; set; }

    public TerminatorKind Terminator { get; set; } = TerminatorKind.Next;

    /// <summary>The branch, call or return itself, where one stands there.</summary>
    public PtxInstruction? TerminatorInstruction { get; set; }

    /// <summary>Of a branch.</summary>
    public PtxRegister? Predicate { get; set; }

    public bool IsPredicateNegated { get; set; }

    /// <summary>Where a jump or taken branch goes.</summary>
    public int Target { get; set; } = -1;

    /// <summary>Where control goes otherwise, or after a call.</summary>
    public int Next { get; set; } = -1;

    public IReadOnlyList<int> Targets { get; set; } = [];

    /// <summary>True where the first instruction makes lanes wait for each other.</summary>
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
