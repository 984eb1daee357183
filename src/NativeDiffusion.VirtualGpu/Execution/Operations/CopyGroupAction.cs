namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>The operations on groups of asynchronous copies.</summary>
internal enum CopyGroupAction
{
    Commit,
    Wait,
    WaitAll,
}
