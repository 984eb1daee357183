using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;
using NativeDiffusion.VirtualGpu.Tests.Cubin;

namespace NativeDiffusion.VirtualGpu.Tests.Estimates;

/// <summary>The formula of the estimate against sums done by hand, and the table of cards against what follows from their sizes.</summary>
public sealed class TimeEstimatorTests
{
    // A product of 1024 x 1024 x 1024 in tiles of 128 x 128 by four warps: 64 blocks.
    private static readonly KernelWork s_product = new()
    {
        Blocks = 64,
        Threads = 128,
        SharedBytes = 49152,
        WarpInstructions = 1_200_000,
        TensorFlops = 2L * 1024 * 1024 * 1024,
        SpecialInstructions = 0,
        SharedWavefronts = 400_000,
        Sectors = (64L * 2 * 128 * 1024 * 2 / 32) + (1024 * 1024 * 2 / 32),
        UniqueBytes = 3L * 1024 * 1024 * 2,
        MatrixInstructions = 2L * 1024 * 1024 * 1024 / 4096,
    };

    [Fact]
    public void Estimate_OfAProduct_IsTheSumDoneByHand()
    {
        TimeEstimate estimate = TimeEstimator.Estimate(s_product, DeviceModel.H100);

        // 64 blocks on 132 multiprocessors: each has one or none, so the work takes as long as 132 would. mma.sync has 2/3 of 989 TFLOP/s.
        double tensor = 2.147483648e9 * 132 / 64 / (989e12 * 2 / 3);
        Assert.Equal(tensor, estimate.Resources[(int)TimeBound.Tensor], 1e-12);
        Assert.Equal(1.2e6 * 132 / 64 / (4 * 132 * 1.83e9), estimate.Resources[(int)TimeBound.Issue], 1e-12);
        Assert.Equal(4e5 * 132 / 64 / (132 * 1.83e9), estimate.Resources[(int)TimeBound.Shared], 1e-12);
        Assert.Equal(35.651584e6 / 5.5e12, estimate.Resources[(int)TimeBound.Cache], 1e-9);
        Assert.Equal(6.291456e6 / 3.35e12, estimate.Resources[(int)TimeBound.Memory], 1e-12);
        Assert.Equal(0, estimate.Resources[(int)TimeBound.Stalls]);
        Assert.Equal(TimeBound.Tensor, estimate.Bound);
        Assert.Equal(tensor + 1.5e-6, estimate.Seconds, 1e-12);
        Assert.Equal((1, 4), (estimate.Waves, estimate.BlocksPerMultiprocessor));
    }

    [Fact]
    public void Estimate_WithACubin_KnowsTheWarpsPace()
    {
        // 174 instructions, 80 products, 658 cycles a pass: 2048 of a warp's products take 16845 cycles, and nothing fills them with one warp a scheduler.
        KernelWork work = s_product.With(250, new LoopBudget(174, 80, 18, 0, 658));

        TimeEstimate estimate = TimeEstimator.Estimate(work, DeviceModel.H100);

        Assert.Equal(2048 * 658.0 / 80, work.WarpCycles, 1e-6);
        Assert.Equal(2048 * 658.0 / 80 / 1.83e9, estimate.Resources[(int)TimeBound.Stalls], 1e-12);
        Assert.Equal(TimeBound.Stalls, estimate.Bound);
        Assert.Equal(2, estimate.BlocksPerMultiprocessor);
    }

    [Fact]
    public void Estimate_MoreBlocksThanSlots_CountsWaves()
    {
        KernelWork work = s_product with { Blocks = 1000, SharedBytes = 100_000 };

        TimeEstimate estimate = TimeEstimator.Estimate(work, DeviceModel.H100);

        // ⌈1000 / 132⌉ = 8 blocks on the busiest multiprocessor, which holds two at once.
        Assert.Equal((4, 2), (estimate.Waves, estimate.BlocksPerMultiprocessor));
        Assert.Equal(2.147483648e9 * 8 * 132 / 1000 / (989e12 * 2 / 3), estimate.Resources[(int)TimeBound.Tensor], 1e-12);
    }

    [Fact]
    public void Estimate_ForACardThatCannotHoldABlock_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => TimeEstimator.Estimate(s_product with { SharedBytes = 120_000 }, DeviceModel.Rtx4090));

        Assert.Contains("RTX 4090", error.Message, StringComparison.Ordinal);
        Assert.Contains("120000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cards_HaveRatesThatFollowFromTheirSizes()
    {
        // Operations of a cycle and multiprocessor, half precision summed in single: 512 on Turing and GeForce from 30 on, 2048 on A100, 4096 on H100.
        var operations = new Dictionary<string,
            int>
        {
            ["T4"] = 1024,
            ["A100"] = 2048,
            ["RTX 3090"] = 512,
            ["RTX 3060"] = 512,
            ["RTX 4090"] = 512,
            ["H100"] = 4096,
            ["H200"] = 4096,
            ["RTX 5090"] = 512
        };

        foreach (DeviceModel card in DeviceModel.All)
        {
            Assert.InRange(card.Multiprocessors * card.ClockGHz * operations[card.Name] / 1000 / card.TensorTeraflops, 0.98, 1.02);
            Assert.False(string.IsNullOrWhiteSpace(card.Source));
            Assert.InRange(card.CacheTerabytes / card.MemoryTerabytes, 1.1, 6);
            Assert.Same(card, DeviceModel.Of(card.Name));
        }
        Assert.Equal(DeviceModel.All.Select(card => card.Architecture).Order(), DeviceModel.All.Select(card => card.Architecture));
        Assert.Same(DeviceModel.Rtx3060, DeviceModel.Of("rtx-3060"));
        Assert.Contains("H200", Assert.Throws<ArgumentException>(() => DeviceModel.Of("Voodoo 2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_ACommittedCubin_TakesItsRegistersAndLoop()
    {
        var kernel = NativeDiffusion.VirtualGpu.Cubin.CubinFile.Read(CubinSources.Golden("tile.nvrtc12.sm_90.cubin"), "tile").Kernel("tile");

        KernelWork work = s_product.With(kernel);

        Assert.Equal(36, work.Registers);
        Assert.Equal(s_product.MatrixInstructions * 23 / 2, work.MachineInstructions);
    }
}
