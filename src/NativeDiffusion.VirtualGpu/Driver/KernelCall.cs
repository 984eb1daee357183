using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A launch with everything that it is given, copied when it was asked for.</summary>
internal sealed record KernelCall
{
    public required VirtualFunction Function { get; init; }

    public required Dimensions Grid { get; init; }

    public required Dimensions Block { get; init; }

    public required int SharedBytes { get; init; }

    public required byte[] Parameters { get; init; }

    /// <summary>True where it may begin before the launch in front of it has ended.</summary>
    public bool IsProgrammatic { get; init; }
}
