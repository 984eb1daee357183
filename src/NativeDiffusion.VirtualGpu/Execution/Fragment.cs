namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Lanes of a warp that stand at the same place.</summary>
internal sealed class Fragment(int block, uint mask, Frame frame)
{
    /// <summary>The block they are about to run.</summary>
    public int Block { get; set; } = block;

    public uint Mask { get; set; } = mask;

    public Frame Frame { get; set; } = frame;

    public FragmentState State { get; set; }

    /// <summary>True once what they waited for at the block's start has happened.</summary>
    public bool HasPassed { get; set; }

    /// <summary>The block that they ran last, but for one that only ends.</summary>
    public int Last { get; set; } = -1;

    /// <summary>The barrier they wait at, in state AtBarrier.</summary>
    public int Barrier { get; set; }
}
