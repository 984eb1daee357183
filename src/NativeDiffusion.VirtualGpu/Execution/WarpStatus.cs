namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Why a warp stopped running.</summary>
internal enum WarpStatus
{
    Finished,
    Blocked,
    /// <summary>It ran its share; it may be waiting for something in memory.</summary>
    Yielded,
}
