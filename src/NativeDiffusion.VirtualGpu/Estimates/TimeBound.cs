namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>What a launch spends its time on, by an estimate.</summary>
public enum TimeBound
{
    /// <summary>Tensor cores.</summary>
    Tensor,

    /// <summary>Slots in which warps' instructions are issued.</summary>
    Issue,

    /// <summary>A warp's own pace: cycles that the assembler lets pass between its instructions, with too few other warps to fill them.</summary>
    Stalls,

    /// <summary>Passes over the banks of shared memory.</summary>
    Shared,

    /// <summary>The special function unit.</summary>
    Special,

    /// <summary>The second-level cache.</summary>
    Cache,

    /// <summary>Device memory.</summary>
    Memory,
}
