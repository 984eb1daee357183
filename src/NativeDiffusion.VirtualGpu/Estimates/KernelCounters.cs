using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The counters of a launch as budgets keep them. docs/virtual-gpu.md defines each number.</summary>
public sealed record KernelCounters
{
    /// <summary>Instructions issued to warps.</summary>
    public required long WarpInstructions { get; init; }

    /// <summary>Instructions issued to warps by class, those that there are; the names are those of the classes.</summary>
    public required IReadOnlyDictionary<string, long> Classes { get; init; }

    /// <summary>Operations on the tensor cores: two for each term of a product.</summary>
    public required long TensorFlops { get; init; }

    /// <summary>Bytes that threads asked global memory for and gave to it.</summary>
    public required long GlobalBytes { get; init; }

    /// <summary>Bytes of global memory touched at least once.</summary>
    public required long UniqueBytes { get; init; }

    /// <summary>Sectors of 32 bytes that requests touched.</summary>
    public required long Sectors { get; init; }

    /// <summary>The fewest sectors that the requests' distinct bytes would have taken.</summary>
    public required long SectorsNeeded { get; init; }

    /// <summary>Passes over the banks of shared memory.</summary>
    public required long SharedWavefronts { get; init; }

    /// <summary>Passes beyond the fewest possible.</summary>
    public required long BankConflicts { get; init; }

    /// <summary>Bytes of local memory read and written.</summary>
    public required long LocalBytes { get; init; }

    /// <summary>Atomics of threads on global memory.</summary>
    public required long GlobalAtomics { get; init; }

    /// <summary>Atomics of threads on shared memory.</summary>
    public required long SharedAtomics { get; init; }

    /// <summary>Barriers that warps came to.</summary>
    public required long Barriers { get; init; }

    /// <summary>Branches at which lanes of a warp went apart.</summary>
    public required long DivergentBranches { get; init; }

    /// <summary>The counters of a launch on the virtual GPU.</summary>
    public static KernelCounters Of(LaunchCounters launch)
    {
        ArgumentNullException.ThrowIfNull(launch);
        var classes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (int kind = 0; kind < launch.Instructions.Count; kind++)
            if (launch.Instructions[kind] > 0) classes.Add(((InstructionClass)kind).ToString(), launch.Instructions[kind]);
        return new KernelCounters
        {
            WarpInstructions = launch.WarpInstructions,
            Classes = classes,
            TensorFlops = launch.TensorFlops,
            GlobalBytes = launch.GlobalBytes,
            UniqueBytes = launch.UniqueBytes,
            Sectors = launch.Sectors,
            SectorsNeeded = launch.SectorsNeeded,
            SharedWavefronts = launch.SharedWavefronts,
            BankConflicts = launch.BankConflicts,
            LocalBytes = launch.LocalBytes,
            GlobalAtomics = launch.GlobalAtomics,
            SharedAtomics = launch.SharedAtomics,
            Barriers = launch.Barriers,
            DivergentBranches = launch.DivergentBranches,
        };
    }
}
