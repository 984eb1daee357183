namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>What a fragment is doing.</summary>
internal enum FragmentState : byte
{
    Ready,
    /// <summary>Waits for lanes of its own warp.</summary>
    AtRendezvous,
    /// <summary>Waits for other warps at a barrier.</summary>
    AtBarrier,
}
