using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A launch, or a library's work, as the next one in its stream sees it: who it was, and what it left open.</summary>
internal sealed class LaunchedKernel
{
    public required string Name { get; init; }

    /// <summary>Its number; zero until it has run.</summary>
    public uint Id { get; set; }

    /// <summary>What was open for it, where it never waited for that itself; of a library's work, what it touched.</summary>
    public PendingWrites? LeftOpen { get; set; }
}
