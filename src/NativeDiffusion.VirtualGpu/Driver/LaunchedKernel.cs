using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A launch, or a library's work, as the next one in its stream sees it: its name and its pending writes.</summary>
internal sealed class LaunchedKernel
{
    public required string Name { get; init; }

    /// <summary>Its number; zero until it has run.</summary>
    public uint Id { get; set; }

    /// <summary>What was pending for it, if it never waited for that itself; for a library's work, what it accessed.</summary>
    public PendingWrites? LeftOpen { get; set; }
}
