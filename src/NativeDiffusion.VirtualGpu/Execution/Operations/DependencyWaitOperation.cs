namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>griddepcontrol.wait: from here on the preceding launch is complete.</summary>
internal sealed unsafe class DependencyWaitOperation : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        warp.DependenciesMet |= mask;
        warp.Launch.HasWaited = true;
    }
}
