using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Kernels;

/// <summary>The part of a matrix product that a block makes, and how it is shared among warps.</summary>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Depth of a slice.</param>
/// <param name="WarpsM">Warps over the rows.</param>
/// <param name="WarpsN">Warps over the columns.</param>
/// <param name="Stages">Slices in shared memory.</param>
/// <param name="OldestCapability">The oldest compute capability whose registers hold it.</param>
internal sealed record GemmTile(int M, int N, int K, int WarpsM, int WarpsN, int Stages, int OldestCapability = 75)
{
    /// <summary>All that are compiled, the largest first.</summary>
    public static IReadOnlyList<GemmTile> All { get; } = [new(128, 160, 32, 2, 2, 3, 80), new(128, 128, 32, 2, 2, 3), new(128, 64, 32, 2, 2, 3), new(64, 64, 32, 2, 2, 4)];

    public int Threads => 32 * WarpsM * WarpsN;

    /// <summary>Dynamic shared memory of a block.</summary>
    public int SharedBytes => Stages * (M + N) * K * 2;

    /// <summary>The compilation for operands that lie on 16 bytes, or for any.</summary>
    public KernelVariant Variant(bool aligned) => new(
        "gemm.cu", ("TILE_M", M), ("TILE_N", N), ("TILE_K", K), ("WARPS_M", WarpsM), ("WARPS_N", WarpsN), ("STAGES", Stages), ("ALIGNED", aligned ? 1 : 0), ("ACTIVATION", 0))
    {
        OldestCapability = OldestCapability,
    };

    /// <summary>
    /// The tile whose waves take least: a wave costs what its tile multiplies, and small tiles more for each product, as they read each
    /// operand more often. An estimate; a table of measured choices may take its place.
    /// </summary>
    public static GemmTile Choose(int rows, int outputs, CudaDeviceProperties device) => All
        .Where(tile => tile.OldestCapability <= device.ComputeCapability && tile.SharedBytes <= device.SharedPerBlockOptIn - 1024)
        .MinBy(tile => tile.Cost(rows, outputs, device.Multiprocessors))!;

    private double Cost(int rows, int outputs, int multiprocessors)
    {
        long blocks = (long)((rows + M - 1) / M) * ((outputs + N - 1) / N);
        long waves = (blocks + multiprocessors - 1) / multiprocessors;
        return waves * ((double)M * N + (32.0 * (M + N)));
    }
}
