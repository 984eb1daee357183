namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>What happens to groups of asynchronous copies.</summary>
internal enum CopyGroupAction
{
    Commit,
    Wait,
    WaitAll,
}
