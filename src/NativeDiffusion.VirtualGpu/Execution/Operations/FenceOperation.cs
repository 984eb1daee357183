namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>A fence: for the block, or one that other blocks can see (membar.gl, fence.acq_rel.gpu and wider ones).</summary>
internal sealed unsafe class FenceOperation(bool isWide) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask) => warp.Block.Fence(warp, isWide);
}
