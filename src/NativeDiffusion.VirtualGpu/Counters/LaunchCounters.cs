using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Counters;

/// <summary>
/// The counters of one launch, exact and repeatable (in the friendly schedule; in the adversarial one, diverged lanes are issued
/// separately). docs/virtual-gpu.md defines each counter.
/// </summary>
public sealed record LaunchCounters
{
    /// <summary>The kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>The ordinal of the device.</summary>
    public required int Device { get; init; }

    /// <summary>Blocks of the grid.</summary>
    public required (int X, int Y, int Z) Grid { get; init; }

    /// <summary>Threads of a block.</summary>
    public required (int X, int Y, int Z) Block { get; init; }

    /// <summary>Static and dynamic shared memory of a block, in bytes.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Registers of a thread; 0 where unknown.</summary>
    public required int Registers { get; init; }

    /// <summary>Resident blocks per multiprocessor, by threads, shared memory and (if known) registers.</summary>
    public required int BlocksPerMultiprocessor { get; init; }

    /// <summary>Instructions issued to warps, by class; the index is the <see cref="InstructionClass"/>.</summary>
    public required IReadOnlyList<long> Instructions { get; init; }

    /// <summary>Instructions issued to warps.</summary>
    public required long WarpInstructions { get; init; }

    /// <summary>Thread instructions: instructions summed over active lanes.</summary>
    public required long ThreadInstructions { get; init; }

    /// <summary>Operations on the tensor cores: two for each term of a product.</summary>
    public required long TensorFlops { get; init; }

    /// <summary>Divergent branches.</summary>
    public required long DivergentBranches { get; init; }

    /// <summary>Bytes of global memory loaded by threads.</summary>
    public required long GlobalLoadBytes { get; init; }

    /// <summary>Bytes of global memory stored by threads.</summary>
    public required long GlobalStoreBytes { get; init; }

    /// <summary>Distinct bytes of global memory accessed.</summary>
    public required long UniqueBytes { get; init; }

    /// <summary>32-byte sectors touched by requests.</summary>
    public required long Sectors { get; init; }

    /// <summary>The minimum of sectors for the requests' distinct bytes.</summary>
    public required long SectorsNeeded { get; init; }

    /// <summary>Bytes of shared memory loaded by threads.</summary>
    public required long SharedLoadBytes { get; init; }

    /// <summary>Bytes of shared memory stored by threads.</summary>
    public required long SharedStoreBytes { get; init; }

    /// <summary>Shared-memory wavefronts: passes over the banks.</summary>
    public required long SharedWavefronts { get; init; }

    /// <summary>Wavefronts beyond the minimum: bank conflicts.</summary>
    public required long BankConflicts { get; init; }

    /// <summary>Bytes of local memory read and written.</summary>
    public required long LocalBytes { get; init; }

    /// <summary>Global atomics of threads.</summary>
    public required long GlobalAtomics { get; init; }

    /// <summary>Shared atomics of threads.</summary>
    public required long SharedAtomics { get; init; }

    /// <summary>Barrier arrivals of warps.</summary>
    public required long Barriers { get; init; }

    /// <summary>Bytes of global memory loaded and stored by threads.</summary>
    public long GlobalBytes => GlobalLoadBytes + GlobalStoreBytes;
}
