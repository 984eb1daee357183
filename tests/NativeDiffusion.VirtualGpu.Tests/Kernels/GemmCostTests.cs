using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;

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
        LaunchCounters tally = Count(GemmVariant.All[variant], new GemmProblem(Size, Size, [Size]) { IsDense = true }, isCounting: true);

        (long blockRows, long blockColumns) = tile.Blocks(Size, Size);
        long matrix = 2L * Size * Size, least = (matrix * blockColumns) + (matrix * blockRows) + matrix;
        long asked = tally.GlobalLoadBytes + tally.GlobalStoreBytes;
        Assert.InRange(asked, least, (long)(Slack * least));
        Assert.InRange(tally.Sectors * SectorBytes, least, (long)(Slack * least));
        Assert.Equal(0, tally.BankConflicts);
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
        using var card = new VirtualKernelDevice(VirtualKernelDevice.Card(90, isAdversarial: true) with { Workers = 0 });

        card.Check(new GemmCase(GemmVariant.All[variant], "cost", new GemmProblem(Size, Size, [Size]) { HasBias = true, IsDense = true }));
    }

    /// <summary>Rows that a tile has in vain are not asked for.</summary>
    [Fact]
    public void Gemm_OfTwoRows_ReadsTwoRows()
    {
        LaunchCounters tally = Count(
            GemmVariant.All.First(variant => variant.Compilation.Fits(90)), new GemmProblem(2, 8, [72]) { IsDense = true }, isCounting: false);

        Assert.Equal(2 * 72 * (2 + 8), tally.GlobalLoadBytes);
        Assert.Equal(2 * 2 * 8, tally.GlobalStoreBytes);
    }

    private static LaunchCounters Count(GemmVariant variant, GemmProblem problem, bool isCounting) => LaunchCounts.Launches(
        new GemmCase(variant, "cost", problem), new VirtualGpuOptions { Devices = [DeviceModel.H100], IsCounting = isCounting }).Single();
}
