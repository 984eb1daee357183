namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>cp.async.commit_group, wait_group, wait_all.</summary>
internal sealed unsafe class CopyGroupOperation(CopyGroupAction action, int newest) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        switch (action)
        {
            case CopyGroupAction.Commit:
                warp.Copies.Commit(mask);
                break;
            case CopyGroupAction.Wait:
                warp.Copies.Wait(mask, newest);
                break;
            default:
                warp.Copies.WaitAll(mask);
                break;
        }
    }
}
