using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>What one launch asks of a card: the counters that its time depends on.</summary>
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

    /// <summary>Passes over the banks of shared memory.</summary>
    public required long SharedWavefronts { get; init; }

    /// <summary>Sectors of 32 bytes of global memory that requests touched.</summary>
    public required long Sectors { get; init; }

    /// <summary>Bytes of global memory touched at least once.</summary>
    public required long UniqueBytes { get; init; }

    /// <summary>Tensor-core instructions issued to warps.</summary>
    public long MatrixInstructions { get; init; }

    /// <summary>Registers of a thread, from a cubin; 0 where unknown.</summary>
    public int Registers { get; init; }

    /// <summary>Machine instructions issued to warps, as far as a cubin's main loop tells; 0 where unknown: then the counted ones, which are PTX's.</summary>
    public long MachineInstructions { get; init; }

    /// <summary>Cycles that a warp takes for its way through the kernel at the least, as far as a cubin's main loop tells; 0 where unknown.</summary>
    public double WarpCycles { get; init; }

    /// <summary>
    /// How much faster than products of halves summed in single precision this kernel's tensor-core instructions are: 0.5 for tf32, 2 for
    /// 8-bit integers, 2 for sums in half precision on GeForce cards.
    /// </summary>
    public double TensorRate { get; init; } = 1;

    /// <summary>Warps of a block.</summary>
    public int Warps => (Threads + 31) / 32;

    /// <summary>
    /// The same work with what a cubin says of the kernel's registers and pace. What was counted are PTX's instructions; a loop around
    /// tensor-core instructions tells how many of the machine's, and how many cycles, go with each of those, which are the same in both. Without
    /// such a loop the main loop's cycles for an instruction stand for all.
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

    /// <summary>Blocks that a multiprocessor of a card holds at once; 0 where it cannot hold one.</summary>
    public int BlocksPerMultiprocessor(DeviceModel card) => Occupancy.Blocks(card, Threads, SharedBytes, Registers);
}
