using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>
/// What GroupNorm's kernels must solve. The tests give them the PTX that ships, the mutations PTX with one fault; whatever tells the two apart
/// belongs here.
/// </summary>
internal static class GroupNormBattery
{
    /// <summary>SD1.5's widths on small pictures, and hostile ones: a block holds its share.</summary>
    public static IReadOnlyList<GroupNormProblem> OneLaunch { get; } =
    [
        new(2, 320, 0, 64, 32),
        new(1, 1280, 1280, 16, 32),
        // A group over the border of a concat; a group that is no multiple of a vector.
        new(2, 64, 32, 31, 6),
        new(1, 40, 20, 65, 3),
        new(1, 33, 0, 7, 3),
        new(3, 32, 0, 1, 32),
        new(1, 5, 0, 129, 1),
        new(1, 2560, 0, 33, 32),
        // In place, by vectors of 8, 4, 2 and 1; so many pixels a thread that unrolled loops run, and their rest.
        new(1, 64, 0, 700, 8) { IsInPlace = true },
        new(1, 32, 0, 1500, 8) { IsInPlace = true },
        new(1, 20, 0, 3000, 10) { IsInPlace = true },
        new(1, 6, 0, 2001, 2) { IsInPlace = true },
        // Vectors of two and of four; 12 and 60 channels a group; a channel a group, on one pixel and on an odd number of channels.
        new(1, 40, 0, 300, 4),
        new(2, 40, 0, 9, 2),
        new(1, 24, 0, 50, 2),
        new(1, 1280, 640, 5, 32),
        new(1, 72, 0, 1, 72),
        new(2, 7, 6, 40, 13),
        // More columns than threads.
        new(1, 641, 0, 3, 1),
    ];

    /// <summary>
    /// By vectors of each width: threads with as many pixels as an unrolled loop takes, with one less, with two and with one; and columns in turns,
    /// which vectors of 8 make in groups too large for the smallest card alone.
    /// </summary>
    public static IReadOnlyList<GroupNormProblem> OneLaunchCounts(int capability) =>
    [
        .. from width in (int[])[1, 2, 4, 8] from spatial in (int[])[192, 448, 960] select new GroupNormProblem(1, 3 * width, 0, spatial, 3),
        .. from width in (int[])[1, 2, 4] select new GroupNormProblem(1, 301 * width, 0, 3, 1),
        .. capability == 75 ? [] : (GroupNormProblem[])[new(1, 8 * 1030, 0, 1, 1)],
    ];

    /// <summary>
    /// Last stretches of so many pixels that a thread of one row, and those of seven rows, meet every remainder; by vectors of 1 and of 8, groups
    /// smaller and larger than a warp. In place, beside threads that have no row.
    /// </summary>
    public static IReadOnlyList<GroupNormProblem> TwoLaunchCounts { get; } =
    [
        .. from width in (int[])[1, 8] from rest in (int[])[1, 3, 4, 7, 8, 15] select new GroupNormProblem(1, 161 * width, 0, 64 + rest, 7),
        .. from size in (int[])[15, 45] from rest in Enumerable.Range(1, 13) select new GroupNormProblem(1, 45, 0, 64 + rest, 45 / size) { IsInPlace = true },
        .. from size in (int[])[24, 120] from rest in Enumerable.Range(
            1, 13) select new GroupNormProblem(1, 360, 0, 64 + rest, 360 / size) { IsInPlace = true },
        // A channel a group; a second picture by vectors of 1.
        new(1, 45, 0, 900, 45),
        new(2, 45, 0, 71, 3),
    ];

    /// <summary>Shares that the blocks of <see cref="NarrowCard"/> cannot hold: statistics, and their application.</summary>
    public static IReadOnlyList<GroupNormProblem> TwoLaunches { get; } =
    [
        new(2, 16, 0, 8300, 2),
        new(1, 24, 8, 2101, 4),
        new(1, 3, 0, 2001, 1) { IsInPlace = true },
        new(1, 32, 0, 300, 2) { IsInPlace = true },
        // More vectors of 8 channels, more channels, more groups than threads; as many vectors.
        new(2, 2568, 0, 65, 3) { IsInPlace = true },
        new(1, 517, 0, 130, 1),
        new(1, 520, 0, 520, 520),
        new(1, 333, 0, 260, 333),
        new(1, 2048, 0, 64, 1),
        // Groups over the border of a concat, by vectors of 8 and of 1.
        new(1, 40, 24, 700, 2),
        new(1, 5, 4, 300, 3),
        // 10 channels a group; 60, one of them over the border of a concat; columns of one channel in turns.
        new(1, 40, 0, 700, 4),
        new(1, 1280, 640, 65, 32),
        new(1, 335, 0, 180, 5) { IsInPlace = true },
    ];

    /// <summary>A card whose blocks keep next to nothing: small problems take two launches.</summary>
    public static VirtualGpuOptions NarrowCard(int capability, bool isAdversarial = false) =>
        KernelSession.Card(capability, isAdversarial) with { Devices = [DeviceModel.Of(capability) with { SharedPerBlockOptIn = 1536 }] };

    /// <summary>Solves problems one after the other on one card.</summary>
    /// <param name="card">The card.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="silu">Whether SiLU follows.</param>
    /// <param name="launches">What each must take.</param>
    /// <param name="ptx">The kernels' text; null for what ships.</param>
    public static void Check(VirtualGpuOptions card, IEnumerable<GroupNormProblem> problems, bool silu, int launches, string? ptx = null)
    {
        using var session = new KernelSession(card);
        using GroupNormKernel kernel = ptx is null ? new GroupNormKernel(session.Loader) : new GroupNormKernel(session.Load(ptx));
        foreach (GroupNormProblem problem in problems)
        {
            int count = problem.Batch * problem.Spatial * (problem.Channels + problem.Channels2), before = session.Launches.Count;
            DevicePointer x = session.Upload(problem.X), x2 = problem.Channels2 == 0 ? default : session.Upload(problem.X2);
            DevicePointer y = problem.IsInPlace ? x : session.Allocate<Half>(count);

            Launch(session, kernel, problem, x, x2, y, silu);

            Assert.Equal(launches, session.Launches.Count - before);
            problem.AssertResult(session.Download<Half>(y, count), silu);
        }
    }

    /// <summary>One problem's launches, and the end of them.</summary>
    public static void Launch(
        KernelSession session, GroupNormKernel kernel, GroupNormProblem problem, DevicePointer x, DevicePointer x2, DevicePointer y, bool silu)
    {
        (int batch, int channels, int channels2, int spatial, int groups) =
            (problem.Batch, problem.Channels, problem.Channels2, problem.Spatial, problem.Groups);
        long workspace = GroupNormKernel.WorkspaceBytes(session.Context.Device, batch, channels, channels2, spatial, groups);
        DevicePointer memory = workspace == 0 ? default : session.Allocate<byte>(workspace);
        if (workspace > 0)
            session.Stream.Fill(memory, 0, workspace);
        kernel.Launch(
            session.Stream, x, x2, session.Upload(
            problem.Weight), session.Upload(problem.Bias), y, memory, batch, channels, channels2, spatial, groups, 1e-5f, silu);
        session.Stream.Synchronize();
    }
}
