namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Why a warp stopped running.</summary>
internal enum WarpStatus
{
    Finished,
    Blocked,
    /// <summary>Its time slice is used up; it may be spinning on memory.</summary>
    Yielded,
}
