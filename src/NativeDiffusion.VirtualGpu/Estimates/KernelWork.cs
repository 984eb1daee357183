using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The resource demand of one launch: the counters that its time depends on.</summary>
public sealed record KernelWork
{
    /// <summary>Blocks of the grid.</summary>
    public required long Blocks { get; init; }

    /// <summary>Threads of a block.</summary>
    public required int Threads { get; init; }

    /// <summary>Static and dynamic shared memory of a block, in bytes.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Instructions issued to warps.</summary>
    public required long WarpInstructions { get; init; }

    /// <summary>Operations on the tensor cores: two for each term of a product.</summary>
    public required long TensorFlops { get; init; }

    /// <summary>Instructions of the special function unit issued to warps.</summary>
    public required long SpecialInstructions { get; init; }

    /// <summary>Shared-memory wavefronts.</summary>
    public required long SharedWavefronts { get; init; }

    /// <summary>32-byte sectors of global memory touched by requests.</summary>
    public required long Sectors { get; init; }

    /// <summary>Distinct bytes of global memory accessed.</summary>
    public required long UniqueBytes { get; init; }

    /// <summary>Tensor-core instructions issued to warps.</summary>
    public long MatrixInstructions { get; init; }

    /// <summary>Registers of a thread, from a cubin; 0 where unknown.</summary>
    public int Registers { get; init; }

    /// <summary>Machine instructions issued to warps, from a cubin's main loop; 0 if unknown: then the counted PTX instructions are used.</summary>
    public long MachineInstructions { get; init; }

    /// <summary>Minimum cycles of a warp for the whole kernel, from a cubin's main loop; 0 if unknown.</summary>
    public double WarpCycles { get; init; }

    /// <summary>
    /// The speed of this kernel's tensor-core instructions relative to products of halves with single-precision sums: 0.5 for tf32, 2 for
    /// 8-bit integers, 2 for sums in half precision on GeForce cards.
    /// </summary>
    public double TensorRate { get; init; } = 1;

    /// <summary>Warps of a block.</summary>
    public int Warps => (Threads + 31) / 32;

    /// <summary>
    /// The same work with a cubin's registers and stall counts. The counters are of PTX instructions; a loop around
    /// tensor-core instructions gives machine instructions and cycles per tensor-core instruction, whose number is the same in both. Without
    /// such a loop the main loop's cycles per instruction apply to all.
    /// </summary>
    public KernelWork With(CubinKernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return With(kernel.Registers, kernel.MainLoop is { } loop ? LoopBudget.Of(loop) : null);
    }

    internal KernelWork With(int registers, LoopBudget? loop)
    {
        if (loop is null || Blocks == 0) return this with { Registers = registers, MachineInstructions = 0, WarpCycles = 0 };
        bool isTensor = loop.Tensor > 0 && MatrixInstructions > 0;
        double instructions = isTensor ? (double)MatrixInstructions * loop.Instructions / loop.Tensor : WarpInstructions;
        double cycles = instructions * loop.StallCycles / loop.Instructions / (Blocks * Warps);
        return this with { Registers = registers, MachineInstructions = isTensor ? (long)instructions : 0, WarpCycles = cycles };
    }

    /// <summary>Resident blocks per multiprocessor of a device; 0 if it cannot hold one.</summary>
    public int BlocksPerMultiprocessor(DeviceModel card) => Occupancy.Blocks(card, Threads, SharedBytes, Registers);
}
