using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Tests.Reference;
using NativeDiffusion.VirtualGpu.Counters;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>GroupNorm's kernels, one launch and two, for each capability that PTX ships for, against the reference in double.</summary>
public sealed class GroupNormTests
{
    /// <summary>batch, channels, channels2, spatial, groups: SD1.5's widths on small pictures, and hostile ones.</summary>
    public static TheoryData<int, int, int, int, int> Cases() => new()
    {
        { 2, 320, 0, 64, 32 },
        { 1, 1280, 1280, 16, 32 },
        // A group over the border of a concat; a group that is no multiple of a vector.
        { 2, 64, 32, 31, 6 },
        { 1, 40, 20, 65, 3 },
        { 1, 33, 0, 7, 3 },
        { 3, 32, 0, 1, 32 },
        { 1, 5, 0, 129, 1 },
        { 1, 2560, 0, 33, 32 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void GroupNorm_OneLaunch_MatchesReference(int batch, int channels, int channels2, int spatial, int groups)
    {
        foreach (int capability in ShippedPtx.Capabilities)
            Check(KernelSession.Card(capability, isAdversarial: capability == 80), batch, channels, channels2, spatial, groups, launches: 1, offset: 3);
    }

    /// <summary>A share that fits nowhere: statistics, and their application.</summary>
    [Theory]
    [InlineData(2, 16, 0, 30000, 2)]
    [InlineData(1, 24, 8, 17001, 4)]
    [InlineData(1, 3, 0, 60001, 1)]
    public void GroupNorm_TwoLaunches_MatchReference(int batch, int channels, int channels2, int spatial, int groups)
    {
        foreach (int capability in ShippedPtx.Capabilities)
            Check(KernelSession.Card(capability), batch, channels, channels2, spatial, groups, launches: 2, offset: 3);
    }

    [Fact]
    public void GroupNorm_TwoLaunchesInAnyOrder_MatchReference() =>
        Check(KernelSession.Card(75, isAdversarial: true), 1, 320, 0, 4200, 4, launches: 2, offset: 0);

    /// <summary>One pass over sums of squares would lose all digits here.</summary>
    [Theory]
    [InlineData(64, 1)]
    [InlineData(30000, 2)]
    public void GroupNorm_MeanFarAboveDeviation_MatchesReference(int spatial, int launches) =>
        Check(KernelSession.Card(75), 1, 16, 0, spatial, 2, launches, offset: 1000);

    [Fact]
    public void Apply_OfALargePicture_MovesLittleMoreThanThePicture()
    {
        const int Channels = 320, Spatial = 128 * 128, Groups = 32;
        // A card whose blocks hold no share of it.
        using var session = new KernelSession(KernelSession.Card(75, isCounting: true));
        using var kernel = new GroupNormKernel(session.Loader);
        DevicePointer x = session.Upload(new Half[Channels * Spatial]);
        Launch(session, kernel, x, default, new float[Channels], new float[Channels], x, 1, Channels, 0, Spatial, Groups, true);

        LaunchCounters apply = session.Launches.Single(launch => launch.Kernel == "group_norm_apply_silu_f16");

        double least = 2.0 * 2 * Channels * Spatial;
        Assert.InRange((apply.GlobalLoadBytes + apply.GlobalStoreBytes) / least, 1, 1.05);
        Assert.InRange(apply.UniqueBytes / least, 0.5, 1.05);
    }

    private static void Check(VirtualGpuOptions card, int batch, int channels, int channels2, int spatial, int groups, int launches, float offset)
    {
        int all = channels + channels2;
        Half[] x = Halves(1, batch * spatial * channels, offset), x2 = Halves(2, batch * spatial * channels2, offset);
        float[] weight = Floats(3, all), bias = Floats(4, all);
        foreach (bool silu in (bool[])[false, true])
        {
            using var session = new KernelSession(card);
            using var kernel = new GroupNormKernel(session.Loader);
            DevicePointer y = session.Allocate<Half>(batch * spatial * all);
            Launch(session, kernel, session.Upload(x), channels2 == 0 ? default : session.Upload(x2), weight, bias, y, batch, channels, channels2, spatial, groups, silu);
            Half[] actual = session.Download<Half>(y, batch * spatial * all);

            Assert.Equal(launches, session.Launches.Count);
            double[] expected = GroupNormReference.Forward(Singles(x), Singles(x2), weight, bias, batch, channels, channels2, spatial, groups, 1e-5f, silu);
            for (int i = 0; i < expected.Length; i++)
            {
                // The result's rounding to half, and float32's in what comes before it.
                double allowed = (Math.Abs(expected[i]) * (1.0 / (1 << 11))) + ((1 + Math.Abs(offset)) * 4e-6) + (1.0 / (1 << 24));
                Assert.True(Math.Abs(expected[i] - (double)actual[i]) <= allowed, $"y[{i}] is {actual[i]}, expected {expected[i]}.");
            }
        }
    }

    private static void Launch(
        KernelSession session, GroupNormKernel kernel, DevicePointer x, DevicePointer x2, float[] weight, float[] bias, DevicePointer y,
        int batch, int channels, int channels2, int spatial, int groups, bool silu)
    {
        long workspace = GroupNormKernel.WorkspaceBytes(session.Context.Device, batch, channels, channels2, spatial, groups);
        DevicePointer memory = workspace == 0 ? default : session.Allocate<byte>(workspace);
        if (workspace > 0)
            session.Stream.Fill(memory, 0, workspace);
        kernel.Launch(session.Stream, x, x2, session.Upload(weight), session.Upload(bias), y, memory, batch, channels, channels2, spatial, groups, 1e-5f, silu);
        session.Stream.Synchronize();
    }

    private static Half[] Halves(int seed, int count, float offset) => [.. Floats(seed, count).Select(value => (Half)(value + offset))];

    private static float[] Floats(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    private static float[] Singles(Half[] values) => [.. values.Select(value => (float)value)];
}
