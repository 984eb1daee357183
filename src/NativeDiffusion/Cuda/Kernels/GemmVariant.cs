using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>One compilation of kernels/gemm.cu.</summary>
/// <param name="Tile">The tile.</param>
/// <param name="IsAligned">True for operands as <see cref="GemmKernel.IsAligned"/> wants them, false for any.</param>
/// <param name="IsFloat">True if the result is float, false for half.</param>
/// <param name="OldestCapability">The oldest compute capability that it is made for.</param>
/// <param name="NewestCapability">The newest one.</param>
internal sealed record GemmVariant(GemmTile Tile, bool IsAligned = true, bool IsFloat = false, int OldestCapability = 80, int NewestCapability = int.MaxValue)
{
    private const int Turing = 75;

    // Registers set the tile: a thread holds 160 sums at 128 x 160 and 128 at the other large ones. Shared memory sets the stages: all
    // fit in the 99 KB of compute capability 8.6, and two blocks of 128 x 128 in its multiprocessor.
    private static readonly GemmTile s_square = new(128, 128, 32, 2, 2, 3);
    private static readonly GemmTile s_small = new(64, 64, 64, 2, 2, 3);

    // Without asynchronous copies a second stage is all that is of use.
    private static readonly GemmTile s_turing = new(128, 128, 32, 2, 4, 2);
    private static readonly GemmTile s_plain = new(64, 64, 32, 2, 2, 2);

    /// <summary>All that are compiled, the largest first.</summary>
    public static IReadOnlyList<GemmVariant> All { get; } =
    [
        new(new GemmTile(128, 256, 32, 2, 4, 4)),
        new(new GemmTile(128, 160, 32, 2, 2, 4)),
        new(s_square),
        new(s_square, IsFloat: true),
        new(new GemmTile(64, 160, 64, 2, 2, 3)),
        new(s_small),
        new(s_small, IsFloat: true),
        new(s_turing, OldestCapability: Turing, NewestCapability: Turing),
        new(s_plain, OldestCapability: Turing, NewestCapability: Turing),
        new(s_plain, IsFloat: true, OldestCapability: Turing, NewestCapability: Turing),
        new(s_plain, IsAligned: false, OldestCapability: Turing),
        new(s_plain, IsAligned: false, IsFloat: true, OldestCapability: Turing),
    ];

    /// <summary>What the compiler is told.</summary>
    public KernelVariant Compilation => new(
        "gemm.cu",
        ("TILE_M", Tile.M), ("TILE_N", Tile.N), ("TILE_K", Tile.K), ("WARPS_M", Tile.WarpsM), ("WARPS_N", Tile.WarpsN), ("STAGES", Tile.Stages),
        ("ALIGNED", IsAligned ? 1 : 0), ("OUTPUT_F32", IsFloat ? 1 : 0))
    {
        OldestCapability = OldestCapability,
        NewestCapability = NewestCapability,
    };

    /// <summary>
    /// The variant for a product: of those that the card can run, the one whose tile is estimated to take least. A table of
    /// measured choices may take the estimate's place.
    /// </summary>
    public static GemmVariant Choose(int rows, int outputs, bool isAligned, bool isFloat, CudaDeviceProperties device) => All
        .Where(variant => variant.IsAligned == isAligned && variant.IsFloat == isFloat && variant.Fits(device))
        .MinBy(variant => variant.Tile.Cost(rows, outputs, device.Multiprocessors))
        ?? throw new NotSupportedException($"{device.Name} (compute capability {device.ComputeCapability}) runs no variant of the matrix product.");

    private bool Fits(CudaDeviceProperties device) => Compilation.Fits(device.ComputeCapability) && Tile.SharedBytes <= device.SharedPerBlockOptIn;
}
