namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>How a call interacts with an active stream capture.</summary>
internal enum CaptureRule
{
    /// <summary>Allowed.</summary>
    Safe,
    /// <summary>It may synchronise: not allowed in a strict capture mode.</summary>
    Unsafe,
    /// <summary>It waits for the whole device: it invalidates every capture there.</summary>
    Synchronizing,
}
