namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>How kernels are executed.</summary>
internal sealed record ExecutionOptions
{
    /// <summary>Host threads that run blocks; 0 for all cores.</summary>
    public int Workers { get; init; }

    /// <summary>True for random orders of warps and of divergent lanes, which reconverge only where they must.</summary>
    public bool IsAdversarial { get; init; }

    /// <summary>Seed of the random orders.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether memory, races, barriers and the rest are checked.</summary>
    public bool HasChecks { get; init; } = true;

    /// <summary>True if tensor-core products are counted and not computed.</summary>
    public bool IsCounting { get; init; }

    /// <summary>True where blocks are compiled to IL, if the runtime can.</summary>
    public bool IsCompiled { get; init; } = true;

    /// <summary>True if tensor-core sums are truncated instead of rounded.</summary>
    public bool IsTruncating { get; init; }

    /// <summary>Basic blocks that one warp may run before the kernel is reported as hanging.</summary>
    public long Patience { get; init; } = 200_000_000;

    /// <summary>Findings kept per launch; more are only counted.</summary>
    public int MaxFindings { get; init; } = 64;
}
