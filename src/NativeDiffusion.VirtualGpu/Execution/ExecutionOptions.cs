namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>How kernels are executed.</summary>
internal sealed record ExecutionOptions
{
    /// <summary>Threads of the host that run blocks; 0 for all cores.</summary>
    public int Workers { get; init; }

    /// <summary>True for random orders of warps and of lanes that went apart, which come together only where they must.</summary>
    public bool IsAdversarial { get; init; }

    /// <summary>Seed of all randomness.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether memory, races, barriers and the rest are checked.</summary>
    public bool HasChecks { get; init; } = true;

    /// <summary>True where products of the tensor cores are counted and not computed.</summary>
    public bool IsCounting { get; init; }

    /// <summary>True where blocks are compiled to IL, if the runtime can.</summary>
    public bool IsCompiled { get; init; } = true;

    /// <summary>True where tensor-core sums are cut off instead of rounded.</summary>
    public bool IsTruncating { get; init; }

    /// <summary>Blocks of code that one warp may run before the kernel is said to hang.</summary>
    public long Patience { get; init; } = 200_000_000;

    /// <summary>Findings kept of one launch; more are only counted.</summary>
    public int MaxFindings { get; init; } = 64;
}
