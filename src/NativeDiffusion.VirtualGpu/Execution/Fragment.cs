namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Lanes of a warp at the same program position.</summary>
internal sealed class Fragment(int block, uint mask, Frame frame)
{
    /// <summary>The next block to run.</summary>
    public int Block { get; set; } = block;

    public uint Mask { get; set; } = mask;

    public Frame Frame { get; set; } = frame;

    public FragmentState State { get; set; }

    /// <summary>True once the synchronisation at the block's start is complete.</summary>
    public bool HasPassed { get; set; }

    /// <summary>The last block they ran, unless it only exits.</summary>
    public int Last { get; set; } = -1;

    /// <summary>The barrier they wait at, in state AtBarrier.</summary>
    public int Barrier { get; set; }
}
