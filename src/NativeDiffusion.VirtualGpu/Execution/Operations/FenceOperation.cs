namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A fence: at block scope, or at gpu or sys scope (membar.gl, fence.acq_rel.gpu and wider ones).</summary>
internal sealed unsafe class FenceOperation(bool isWide) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask) => warp.Block.Fence(warp, isWide);
}
