namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>What lanes wait for.</summary>
internal enum SynchronizationKind
{
    /// <summary>The lanes of a member mask, at this instruction.</summary>
    Members,
    /// <summary>The lanes of a member mask, at any bar.warp.sync.</summary>
    WarpBarrier,
    /// <summary>All live lanes of the warp, at this instruction.</summary>
    Warp,
    /// <summary>A barrier of the block.</summary>
    Barrier,
    /// <summary>A barrier of the block at which these lanes only arrive (bar.arrive).</summary>
    BarrierArrive,
}
