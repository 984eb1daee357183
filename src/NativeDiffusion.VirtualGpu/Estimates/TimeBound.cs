namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The resource that bounds a launch's time, by an estimate.</summary>
public enum TimeBound
{
    /// <summary>Tensor cores.</summary>
    Tensor,

    /// <summary>Instruction issue slots.</summary>
    Issue,

    /// <summary>A warp's own latency: stall counts between its instructions, with too few other warps to hide them.</summary>
    Stalls,

    /// <summary>Shared-memory wavefronts.</summary>
    Shared,

    /// <summary>The special function unit.</summary>
    Special,

    /// <summary>The L2 cache.</summary>
    Cache,

    /// <summary>Device memory.</summary>
    Memory,
}
