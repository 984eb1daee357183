using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A function made ready to run: its blocks, and how a frame of it is laid out. The same for every launch.</summary>
internal sealed class Program
{
    public required PtxFunction Function { get; init; }

    public required CodeBlock[] Blocks { get; init; }

    /// <summary>Bytes of registers, constants and parameters of a warp in this function.</summary>
    public required int FrameBytes { get; init; }

    public required FrameConstant[] Constants { get; init; }

    /// <summary>Where the masks of lanes that wrote doubtful registers lie, and how many bytes they take; cleared at the start.</summary>
    public required (int Place, int Bytes) Written { get; init; }

    /// <summary>Bytes of .local variables.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Places of the parameters and results of a function, which its callers fill and read.</summary>
    public required IReadOnlyDictionary<string, ParameterPlace> Parameters { get; init; }

    /// <summary>How many memory instructions keep something of their own per worker.</summary>
    public required int Sites { get; init; }

    /// <summary>Bytes of the narrowest access to shared memory, and to global memory: the grain of what is remembered of each.</summary>
    public required int SharedGrain { get; init; }

    public required int GlobalGrain { get; init; }

    /// <summary>True where it has fences that other blocks can see, and where it has flags in global memory: atomics, volatile and their kin.</summary>
    public required bool HasGlobalFences { get; init; }

    public required bool HasGlobalFlags { get; init; }

    /// <summary>True where some of a block's threads may be ordered without the others: by barriers with a count, by masks, by fences.</summary>
    public required bool HasPartialOrder { get; init; }
}
