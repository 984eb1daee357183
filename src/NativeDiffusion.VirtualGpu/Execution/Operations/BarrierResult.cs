namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>The reduction of bar.red.</summary>
internal enum BarrierResult
{
    Count,
    All,
    Any,
}
