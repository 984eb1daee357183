using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Counters;

/// <summary>
/// What one launch did, exactly and the same every time (in the friendly schedule; in the adversarial one, lanes that run apart are issued
/// apart). docs/virtual-gpu.md defines each number.
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

    /// <summary>Blocks that a multiprocessor holds at once, by threads, shared memory and (where known) registers.</summary>
    public required int BlocksPerMultiprocessor { get; init; }

    /// <summary>Instructions issued to warps, by class; the index is the <see cref="InstructionClass"/>.</summary>
    public required IReadOnlyList<long> Instructions { get; init; }

    /// <summary>Instructions issued to warps.</summary>
    public required long WarpInstructions { get; init; }

    /// <summary>Instructions of all threads that were at them.</summary>
    public required long ThreadInstructions { get; init; }

    /// <summary>Operations on the tensor cores: two for each term of a product.</summary>
    public required long TensorFlops { get; init; }

    /// <summary>Branches at which lanes of a warp went apart.</summary>
    public required long DivergentBranches { get; init; }

    /// <summary>Bytes that threads asked global memory for.</summary>
    public required long GlobalLoadBytes { get; init; }

    /// <summary>Bytes that threads gave to global memory.</summary>
    public required long GlobalStoreBytes { get; init; }

    /// <summary>Bytes of global memory touched at least once.</summary>
    public required long UniqueBytes { get; init; }

    /// <summary>Sectors of 32 bytes that requests touched.</summary>
    public required long Sectors { get; init; }

    /// <summary>The fewest sectors that the requests' distinct bytes would have taken.</summary>
    public required long SectorsNeeded { get; init; }

    /// <summary>Bytes that threads asked shared memory for.</summary>
    public required long SharedLoadBytes { get; init; }

    /// <summary>Bytes that threads gave to shared memory.</summary>
    public required long SharedStoreBytes { get; init; }

    /// <summary>Passes over the banks of shared memory.</summary>
    public required long SharedWavefronts { get; init; }

    /// <summary>Passes beyond the fewest possible: bank conflicts.</summary>
    public required long BankConflicts { get; init; }

    /// <summary>Bytes of local memory read and written.</summary>
    public required long LocalBytes { get; init; }

    /// <summary>Atomics of threads on global memory.</summary>
    public required long GlobalAtomics { get; init; }

    /// <summary>Atomics of threads on shared memory.</summary>
    public required long SharedAtomics { get; init; }

    /// <summary>Barriers that warps came to.</summary>
    public required long Barriers { get; init; }

    /// <summary>Bytes asked of global memory, loads and stores.</summary>
    public long GlobalBytes => GlobalLoadBytes + GlobalStoreBytes;
}
