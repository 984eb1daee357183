using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A call: its target, and the bytes copied to it and back.</summary>
internal sealed class CallPlan
{
    public required PtxInstruction Source { get; init; }

    /// <summary>The function's name; null for a call through a register.</summary>
    public string? Function { get; init; }

    /// <summary>Place of the 64-bit handle of a call through a register.</summary>
    public int Handle { get; init; } = -1;

    public required ParameterPlace[] Arguments { get; init; }

    public required ParameterPlace[] Results { get; init; }
}
