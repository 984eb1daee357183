namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>How shfl selects its source lane.</summary>
internal enum ShuffleMode
{
    Up,
    Down,
    Butterfly,
    Index,
}
