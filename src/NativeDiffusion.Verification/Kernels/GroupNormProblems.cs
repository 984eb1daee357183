namespace NativeDiffusion.Verification;

/// <summary>What GroupNorm's kernels must solve.</summary>
internal static class GroupNormProblems
{
    /// <summary>
    /// Layers of the UNet at 512 x 512: two pictures, 64 x 64 and 32 x 32 pixels; a share that fits a block, and one that does not. The VAE's first level:
    /// the largest there is.
    /// </summary>
    public static IReadOnlyList<GroupNormProblem> Layers { get; } =
    [
        new(2, 320, 0, 4096, 32) { HasSilu = true },
        new(2, 320, 320, 4096, 32) { HasSilu = true },
        new(2, 640, 0, 1024, 32) { HasSilu = true },
        new(2, 640, 0, 1024, 32),
        new(1, 128, 0, 512 * 512, 32) { HasSilu = true },
        new(1, 512, 0, 512 * 512, 32),
    ];

    /// <summary>SD1.5's widths on small pictures, and hostile ones: a block holds its share.</summary>
    public static IEnumerable<GroupNormProblem> OneLaunch => new GroupNormProblem[]
    {
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
    }.Select(InOne);

    /// <summary>
    /// By vectors of each width: threads with as many pixels as an unrolled loop takes, with one less, with two and with one; and columns in turns,
    /// which vectors of 8 make in groups too large for the smallest card alone.
    /// </summary>
    public static IEnumerable<GroupNormProblem> OneLaunchCounts => ((IEnumerable<GroupNormProblem>)
    [
        .. from width in (int[])[1, 2, 4, 8] from spatial in (int[])[192, 448, 960] select new GroupNormProblem(1, 3 * width, 0, spatial, 3),
        .. from width in (int[])[1, 2, 4] select new GroupNormProblem(1, 301 * width, 0, 3, 1),
        new(1, 8 * 1030, 0, 1, 1),
    ]).Select(InOne);

    /// <summary>Shares that narrow blocks cannot hold: statistics, and their application.</summary>
    public static IEnumerable<GroupNormProblem> TwoLaunches => new GroupNormProblem[]
    {
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
    }.Select(InTwo);

    /// <summary>
    /// Last stretches of so many pixels that a thread of one row, and those of seven rows, meet every remainder; by vectors of 1 and of 8, groups
    /// smaller and larger than a warp. In place, beside threads that have no row.
    /// </summary>
    public static IEnumerable<GroupNormProblem> TwoLaunchCounts => ((IEnumerable<GroupNormProblem>)
    [
        .. from width in (int[])[1, 8] from rest in (int[])[1, 3, 4, 7, 8, 15] select new GroupNormProblem(1, 161 * width, 0, 64 + rest, 7),
        .. from size in (int[])[15, 45] from rest in Enumerable.Range(1, 13) select new GroupNormProblem(1, 45, 0, 64 + rest, 45 / size) { IsInPlace = true },
        .. from size in (int[])[24, 120] from rest in Enumerable.Range(1, 13)
           select new GroupNormProblem(1, 360, 0, 64 + rest, 360 / size) { IsInPlace = true },
        // A channel a group; a second picture by vectors of 1.
        new(1, 45, 0, 900, 45),
        new(2, 45, 0, 71, 3),
    ]).Select(InTwo);

    /// <summary>
    /// A share that is too large for every card as it is; and means far above the deviation, where one pass over sums of squares would lose all digits.
    /// </summary>
    public static IEnumerable<GroupNormProblem> Means =>
    [
        new(1, 320, 0, 4200, 4) { Mean = 0, Launches = 2 },
        new(1, 16, 0, 64, 2) { Mean = 1000, Launches = 1 },
        new(1, 16, 0, 30000, 2) { Mean = 1000, Launches = 2 },
    ];

    private static GroupNormProblem InOne(GroupNormProblem problem) => problem with { Launches = 1 };

    private static GroupNormProblem InTwo(GroupNormProblem problem) => problem with { IsNarrow = true, Launches = 2 };
}
