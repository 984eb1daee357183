using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The counters of a launch as kept in budgets. docs/virtual-gpu.md defines each counter.</summary>
public sealed record KernelCounters
{
    /// <summary>Instructions issued to warps.</summary>
    public required long WarpInstructions { get; init; }

    /// <summary>Instructions issued to warps by class, without zeros; the names are those of the classes.</summary>
    public required IReadOnlyDictionary<string, long> Classes { get; init; }

    /// <summary>Operations on the tensor cores: two for each term of a product.</summary>
    public required long TensorFlops { get; init; }

    /// <summary>Bytes of global memory loaded and stored by threads.</summary>
    public required long GlobalBytes { get; init; }

    /// <summary>Distinct bytes of global memory accessed.</summary>
    public required long UniqueBytes { get; init; }

    /// <summary>32-byte sectors touched by requests.</summary>
    public required long Sectors { get; init; }

    /// <summary>The minimum of sectors for the requests' distinct bytes.</summary>
    public required long SectorsNeeded { get; init; }

    /// <summary>Shared-memory wavefronts.</summary>
    public required long SharedWavefronts { get; init; }

    /// <summary>Wavefronts beyond the minimum.</summary>
    public required long BankConflicts { get; init; }

    /// <summary>Bytes of local memory read and written.</summary>
    public required long LocalBytes { get; init; }

    /// <summary>Global atomics of threads.</summary>
    public required long GlobalAtomics { get; init; }

    /// <summary>Shared atomics of threads.</summary>
    public required long SharedAtomics { get; init; }

    /// <summary>Barrier arrivals of warps.</summary>
    public required long Barriers { get; init; }

    /// <summary>Divergent branches.</summary>
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
