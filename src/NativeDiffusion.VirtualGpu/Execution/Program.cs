using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A prepared function: its blocks and the layout of its frames. The same for every launch.</summary>
internal sealed class Program
{
    public required PtxFunction Function { get; init; }

    public required CodeBlock[] Blocks { get; init; }

    /// <summary>Bytes of registers, constants and parameters of a warp in this function.</summary>
    public required int FrameBytes { get; init; }

    public required FrameConstant[] Constants { get; init; }

    /// <summary>The place of the masks of lanes that wrote checked registers, and their bytes; cleared at the start.</summary>
    public required (int Place, int Bytes) Written { get; init; }

    /// <summary>Bytes of .local variables.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Places of the parameters and results of a function, which its callers write and read.</summary>
    public required IReadOnlyDictionary<string, ParameterPlace> Parameters { get; init; }

    /// <summary>The number of memory instructions with state per worker.</summary>
    public required int Sites { get; init; }

    /// <summary>Bytes of the narrowest access to shared memory, and to global memory: the grain of the access records of each.</summary>
    public required int SharedGrain { get; init; }

    public required int GlobalGrain { get; init; }

    /// <summary>True if it has fences at gpu or sys scope, and if it has flags in global memory: atomics, volatile and similar accesses.</summary>
    public required bool HasGlobalFences { get; init; }

    public required bool HasGlobalFlags { get; init; }

    /// <summary>True if some threads of a block may be ordered without the others: by barriers with a count, by masks, by fences.</summary>
    public required bool HasPartialOrder { get; init; }
}
