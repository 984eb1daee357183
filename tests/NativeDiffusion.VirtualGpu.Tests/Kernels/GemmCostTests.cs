using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>What the matrix product asks of memory at 1024 x 1024 x 1024: as little as its tile can, with every sector used and no bank asked twice.</summary>
public sealed class GemmCostTests
{
    private const int Size = 1024;
    private const int SectorBytes = 32;
    private const double Slack = 1.1;

    public static TheoryData<int> LargeTiles() =>
        [.. Enumerable.Range(
        0, GemmVariant.All.Count).Where(i => GemmVariant.All[i] is { IsFloat: false, OldestCapability: 80, Tile: { M: >= 128, N: >= 128 } })];

    [Theory]
    [MemberData(nameof(LargeTiles))]
    public void Gemm_OfThousandCubed_AsksForNoMoreThanItsTileNeeds(int variant)
    {
        GemmTile tile = GemmVariant.All[variant].Tile;
        var run = new GemmRun(GemmVariant.All[variant], 90, new ExecutionOptions { IsCounting = true });
        run.Launch(new GemmProblem(Size, Size, [Size]));
        LaunchTally tally = run.Device.Tally;

        (long blockRows, long blockColumns) = tile.Blocks(Size, Size);
        long matrix = 2L * Size * Size, least = (matrix * blockColumns) + (matrix * blockRows) + matrix;
        long asked = tally.Memory.GlobalLoadBytes + tally.Memory.GlobalStoreBytes;
        Assert.InRange(asked, least, (long)(Slack * least));
        Assert.InRange(tally.Memory.GlobalSectors * SectorBytes, least, (long)(Slack * least));
        Assert.Equal(tally.Memory.SharedWavefrontsNeeded, tally.Memory.SharedWavefronts);
        Assert.Equal(3 * matrix, tally.UniqueBytes);
        Assert.Equal(2.0 * Size * (blockRows * tile.M) * (blockColumns * tile.N), tally.TensorFlops);
        Assert.InRange(2.0 * Size * Size * Size / asked, 60, double.PositiveInfinity);
    }

    /// <summary>The same launches in full: exact, and nothing is found, whatever the order of warps and however late copies come.</summary>
    [Theory]
    [MemberData(nameof(LargeTiles))]
    public void Gemm_OfThousandCubed_IsExactInAnyOrder(int variant)
    {
        // 1024 is no multiple of 160: inner and outer loop, whole tiles and such over an edge.
        Assert.SkipUnless(NvrtcVersions.IsNightly || GemmVariant.All[variant].Tile.N == 160, "NDIFF_NIGHTLY is not 1: one tile stands for the others.");
        var problem = new GemmProblem(Size, Size, [Size]) { HasBias = true };
        var run = new GemmRun(GemmVariant.All[variant], 90, new ExecutionOptions { IsAdversarial = true });

        double[] expected = problem.Expected(), actual = run.Launch(problem);

        for (int i = 0; i < expected.Length; i++) Assert.True(
            (double)(Half)expected[i] == actual[i], $"y[{i / Size}, {i % Size}] is {actual[i]}, not {expected[i]}.");
    }

    /// <summary>Rows that a tile has in vain are not asked for.</summary>
    [Fact]
    public void Gemm_OfTwoRows_ReadsTwoRows()
    {
        int variant = Enumerable.Range(0, GemmVariant.All.Count).First(i => GemmVariant.All[i].Compilation.Fits(90));
        var run = new GemmRun(GemmVariant.All[variant], 90, new ExecutionOptions());
        run.Launch(new GemmProblem(2, 8, [72]));

        Assert.Equal(2 * 72 * (2 + 8), run.Device.Tally.Memory.GlobalLoadBytes);
        Assert.Equal(2 * 2 * 8, run.Device.Tally.Memory.GlobalStoreBytes);
    }
}
