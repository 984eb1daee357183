namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A fence that other blocks can see: membar.gl, fence.acq_rel.gpu and wider ones.</summary>
internal sealed unsafe class FenceOperation : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask) => warp.Block.Order.Fence(warp.Index, warp.Block.Time);
}
