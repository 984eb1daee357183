namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The state of a fragment.</summary>
internal enum FragmentState : byte
{
    Ready,
    /// <summary>Waits for lanes of its own warp.</summary>
    AtRendezvous,
    /// <summary>Waits for other warps at a barrier.</summary>
    AtBarrier,
}
