namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>Instructions that run one after the other: from a place that is jumped to up to one that jumps.</summary>
internal sealed class SassBlock(int first, int end)
{
    /// <summary>Index of the first instruction.</summary>
    public int First => first;

    /// <summary>Index behind the last one.</summary>
    public int End => end;

    /// <summary>Blocks that may follow, by number.</summary>
    public List<int> Next { get; } = [];

    /// <summary>Blocks that may come before, by number; only what is reached from the kernel's start.</summary>
    public List<int> Previous { get; } = [];

    /// <summary>Its place in an order in which, loops aside, each block comes after all that lead to it; -1 where nothing leads to it.</summary>
    public int Order { get; set; } = -1;

    /// <summary>The nearest block that every way to this one goes through, by number.</summary>
    public int Dominator { get; set; } = -1;
}
