using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Counters;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>GroupNorm's kernels, one launch and two, for each capability that PTX ships for, against the reference in double.</summary>
public sealed class GroupNormTests
{
    public static TheoryData<int> OneLaunch() => [.. Enumerable.Range(0, GroupNormBattery.OneLaunch.Count)];

    public static TheoryData<int> TwoLaunches() => [.. Enumerable.Range(0, GroupNormBattery.TwoLaunches.Count)];

    [Theory]
    [MemberData(nameof(OneLaunch))]
    public void GroupNorm_OneLaunch_MatchesReference(int problem)
    {
        foreach (int capability in KernelList.ShippedPtx.Capabilities)
            Check(KernelSession.Card(capability, isAdversarial: capability == 80), GroupNormBattery.OneLaunch[problem], launches: 1);
    }

    [Theory]
    [MemberData(nameof(TwoLaunches))]
    public void GroupNorm_TwoLaunches_MatchReference(int problem)
    {
        foreach (int capability in KernelList.ShippedPtx.Capabilities)
            Check(GroupNormBattery.NarrowCard(capability, isAdversarial: capability == 80), GroupNormBattery.TwoLaunches[problem], launches: 2);
    }

    [Theory]
    [CombinatorialData]
    public void GroupNorm_EveryCountOfPixels_MatchesReference([CombinatorialValues(75, 80, 90)] int capability, bool silu)
    {
        GroupNormBattery.Check(KernelSession.Card(capability), GroupNormBattery.OneLaunchCounts(capability), silu, launches: 1);
        GroupNormBattery.Check(GroupNormBattery.NarrowCard(capability), GroupNormBattery.TwoLaunchCounts, silu, launches: 2);
    }

    /// <summary>A card as it is, and a share that is too large for it.</summary>
    [Fact]
    public void GroupNorm_OfALargePicture_MatchesReference() => Check(KernelSession.Card(75), new GroupNormProblem(1, 320, 0, 4200, 4, offset: 0), launches: 2);

    /// <summary>One pass over sums of squares would lose all digits here.</summary>
    [Theory]
    [InlineData(64, 1)]
    [InlineData(30000, 2)]
    public void GroupNorm_MeanFarAboveDeviation_MatchesReference(int spatial, int launches) =>
        Check(KernelSession.Card(75), new GroupNormProblem(1, 16, 0, spatial, 2, offset: 1000), launches);

    [Fact]
    public void Apply_OfALargePicture_MovesLittleMoreThanThePicture()
    {
        var problem = new GroupNormProblem(1, 320, 0, 128 * 128, 32);
        // A card whose blocks hold no share of it.
        using var session = new KernelSession(KernelSession.Card(75, isCounting: true));
        using var kernel = new GroupNormKernel(session.Loader);
        DevicePointer x = session.Upload(problem.X);
        GroupNormBattery.Launch(session, kernel, problem, x, default, x, silu: true);

        LaunchCounters apply = session.Launches.Single(launch => launch.Kernel == "group_norm_apply_silu_f16");

        double least = 2.0 * 2 * problem.X.Length;
        Assert.InRange((apply.GlobalLoadBytes + apply.GlobalStoreBytes) / least, 1, 1.05);
        Assert.InRange(apply.UniqueBytes / least, 0.5, 1.05);
    }

    private static void Check(VirtualGpuOptions card, GroupNormProblem problem, int launches)
    {
        foreach (bool silu in (bool[])[false, true]) GroupNormBattery.Check(card, [problem], silu, launches);
    }
}
