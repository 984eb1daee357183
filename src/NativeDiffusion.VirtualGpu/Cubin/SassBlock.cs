namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>A basic block of machine code: from a branch target to a branch.</summary>
internal sealed class SassBlock(int first, int end)
{
    /// <summary>Index of the first instruction.</summary>
    public int First => first;

    /// <summary>Index past the last one.</summary>
    public int End => end;

    /// <summary>Successors, by number.</summary>
    public List<int> Next { get; } = [];

    /// <summary>Predecessors, by number; only those reachable from the kernel's start.</summary>
    public List<int> Previous { get; } = [];

    /// <summary>Its position in reverse postorder; -1 if it is unreachable.</summary>
    public int Order { get; set; } = -1;

    /// <summary>Its immediate dominator, by number.</summary>
    public int Dominator { get; set; } = -1;
}
