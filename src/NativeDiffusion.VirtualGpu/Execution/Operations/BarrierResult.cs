namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>What bar.red makes of the predicates.</summary>
internal enum BarrierResult
{
    Count,
    All,
    Any,
}
