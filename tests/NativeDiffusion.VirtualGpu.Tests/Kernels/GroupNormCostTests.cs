using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu.Counters;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>What GroupNorm asks of memory.</summary>
public sealed class GroupNormCostTests
{
    [Fact]
    public void Apply_OfALargePicture_MovesLittleMoreThanThePicture()
    {
        // A card whose blocks hold no share of it.
        var one = new GroupNormCase("cost", new GroupNormProblem(1, 320, 0, 128 * 128, 32) { HasSilu = true, IsInPlace = true });

        LaunchCounters apply = LaunchCounts.Launches(one, VirtualKernelDevice.Card(75) with { IsCounting = true })
            .Single(launch => launch.Kernel == "group_norm_apply_silu_f16");

        double least = 2.0 * 2 * one.Sizes.Elements;
        Assert.InRange((apply.GlobalLoadBytes + apply.GlobalStoreBytes) / least, 1, 1.05);
        Assert.InRange(apply.UniqueBytes / least, 0.5, 1.05);
    }
}
