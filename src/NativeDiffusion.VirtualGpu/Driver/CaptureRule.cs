namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>What a capture under way means for a call.</summary>
internal enum CaptureRule
{
    /// <summary>Nothing.</summary>
    Safe,
    /// <summary>It may synchronise: forbidden to whoever captures strictly.</summary>
    Unsafe,
    /// <summary>It waits for the whole device: it kills every capture there.</summary>
    Synchronizing,
}
