using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A launch with all its arguments, copied at the call.</summary>
internal sealed record KernelCall
{
    public required VirtualFunction Function { get; init; }

    public required Dimensions Grid { get; init; }

    public required Dimensions Block { get; init; }

    public required int SharedBytes { get; init; }

    public required byte[] Parameters { get; init; }

    /// <summary>True if it may begin before the preceding launch has ended (programmatic dependent launch).</summary>
    public bool IsProgrammatic { get; init; }
}
