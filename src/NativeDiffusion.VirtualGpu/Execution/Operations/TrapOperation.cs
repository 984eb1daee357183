using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>trap: the launch fails.</summary>
internal sealed unsafe class TrapOperation : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        warp.Report(FindingKind.Trap, Source, mask, "trap instruction executed");
        warp.Launch.Abort();
    }
}
