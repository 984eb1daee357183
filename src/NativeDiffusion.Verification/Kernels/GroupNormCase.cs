using System.Globalization;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Verification;

/// <summary>A normalization of one tensor, or of a concat of two.</summary>
/// <param name="Batch">Pictures.</param>
/// <param name="Channels">Channels of the first source.</param>
/// <param name="Channels2">Channels of the second; 0 for none.</param>
/// <param name="Spatial">Pixels of a picture.</param>
/// <param name="Groups">Groups.</param>
internal sealed record GroupNormProblem(int Batch, int Channels, int Channels2, int Spatial, int Groups)
{
    /// <summary>About the mean of all numbers, which are within 2 of it.</summary>
    public float Mean { get; init; } = 3;

    /// <summary>True where the result takes the place of x.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>Whether SiLU follows.</summary>
    public bool HasSilu { get; init; }

    /// <summary>True where blocks keep next to nothing, so that a small problem takes two launches.</summary>
    public bool IsNarrow { get; init; }

    /// <summary>What it must take; null for whatever fits the card.</summary>
    public int? Launches { get; init; }

    /// <summary>Numbers of the result.</summary>
    public long Elements => (long)Batch * Spatial * (Channels + Channels2);

    /// <summary>Sizes as budgets name them.</summary>
    public string Shape => string.Create(
        CultureInfo.InvariantCulture, $"{Batch}x{Spatial}x{(Channels2 > 0 ? $"({Channels}+{Channels2})" : $"{Channels}")}{(HasSilu ? " SiLU" : "")}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Shape}, {Groups} groups{(IsInPlace ? ", in place" : "")}{(Mean == 3 ? "" : $", mean {Mean}")}");
}

/// <summary>GroupNorm's kernels on one problem.</summary>
internal sealed class GroupNormCase(string family, GroupNormProblem problem, string? name = null)
    : KernelCase<GroupNormProblem>(GroupNormKernel.Variant, family, problem, name)
{
    private const float Epsilon = 1e-5f;
    private const double LargestWeight = 2;

    // Of numbers spread evenly over [-LargestWeight, LargestWeight).
    private const double Deviation = 1.15;

    // Less than any group's share.
    private const long NarrowShareBytes = 512;

    /// <summary>All cases.</summary>
    public static IReadOnlyList<GroupNormCase> All { get; } =
    [
        .. GroupNormProblems.Layers.Select(
            problem => new GroupNormCase("layers", problem, problem.Shape) { Size = KernelCaseSize.Large, IsBudgeted = true }),
        .. WithAndWithoutSilu(GroupNormProblems.OneLaunch).Select(problem => new GroupNormCase("one launch", problem) { IsShuffled = true }),
        .. WithAndWithoutSilu(GroupNormProblems.TwoLaunches).Select(problem => new GroupNormCase("two launches", problem) { IsShuffled = true }),
        .. WithAndWithoutSilu(GroupNormProblems.Means).Select(problem => new GroupNormCase("means", problem)),
        .. WithAndWithoutSilu(GroupNormProblems.OneLaunchCounts)
            .Select(problem => new GroupNormCase("counts, one launch", problem) { Size = KernelCaseSize.Thorough }),
        .. WithAndWithoutSilu(GroupNormProblems.TwoLaunchCounts)
            .Select(problem => new GroupNormCase("counts, two launches", problem) { Size = KernelCaseSize.Thorough }),
    ];

    internal override KernelCost Cost
    {
        get
        {
            // Mean and variance take three operations, normalization and SiLU two each; a half in and a half out, a weight and a bias a channel.
            double elements = Sizes.Elements;
            return new KernelCost(
                (Sizes.HasSilu ? 7 : 5) * elements, (4 * elements) + (2 * sizeof(float) * (Sizes.Channels + Sizes.Channels2)));
        }
    }

    internal override Tolerance Tolerance
    {
        get
        {
            bool isFlat = Sizes.Spatial * (Sizes.Channels + Sizes.Channels2) == Sizes.Groups;
            return Tolerance.Normalization(Math.Abs(Sizes.Mean), LargestWeight / (isFlat ? Math.Sqrt(Epsilon) : Deviation)).InHalf();
        }
    }

    /// <inheritdoc/>
    public override bool Fits(CudaDeviceProperties device) => base.Fits(device) && (Sizes.Launches is not 1 || WorkspaceBytes(device) == 0);

    internal override IReadOnlyList<string> Entries(CudaDeviceProperties device)
    {
        string silu = Sizes.HasSilu ? "_silu" : "";
        return (Sizes.Launches ?? (WorkspaceBytes(device) == 0 ? 1 : 2)) == 1
            ? [$"group_norm{silu}_f16"] : ["group_norm_statistics_f16", $"group_norm_apply{silu}_f16"];
    }

    internal override KernelRun Prepare(KernelDevice device, KernelMemory memory)
    {
        GroupNormKernel kernel = device.Kernel(Variant, loader => new GroupNormKernel(loader));
        (int batch, int channels, int channels2, int spatial) = (Sizes.Batch, Sizes.Channels, Sizes.Channels2, Sizes.Spatial);
        int all = channels + channels2, pixels = batch * spatial;
        KernelOutput y = memory.Output<Half>(pixels, all, all, values: Sizes.IsInPlace ? X : null);
        DevicePointer x = Sizes.IsInPlace ? y.Pointer : memory.Upload((long)pixels * channels, X), x2 = memory.Upload((long)pixels * channels2, X2);
        DevicePointer weight = memory.Upload(all, Weight), bias = memory.Upload(all, Bias), workspace = memory.Zeros(WorkspaceBytes(device.Properties));
        return new KernelRun(
            queue => kernel.Launch(
                queue, x, x2, weight, bias, y.Pointer, workspace, batch, channels, channels2, spatial, Sizes.Groups, Epsilon, Sizes.HasSilu, ShareBytes), y);
    }

    internal override double[] Expected() => GroupNormReference.Forward(
        Singles(X()), Singles(X2()), Weight(), Bias(), Sizes.Batch, Sizes.Channels, Sizes.Channels2, Sizes.Spatial, Sizes.Groups, Epsilon, Sizes.HasSilu);

    private long ShareBytes => Sizes.IsNarrow ? NarrowShareBytes : long.MaxValue;

    private long WorkspaceBytes(CudaDeviceProperties device) => GroupNormKernel.WorkspaceBytes(
        device, Sizes.Batch, Sizes.Channels, Sizes.Channels2, Sizes.Spatial, Sizes.Groups, ShareBytes);

    // [batch, spatial, channels] and [batch, spatial, channels2].
    private Half[] X() => Halves(1, Sizes.Batch * Sizes.Spatial * Sizes.Channels);

    private Half[] X2() => Halves(2, Sizes.Batch * Sizes.Spatial * Sizes.Channels2);

    private float[] Weight() => Floats(3, Sizes.Channels + Sizes.Channels2);

    private float[] Bias() => Floats(4, Sizes.Channels + Sizes.Channels2);

    private Half[] Halves(int seed, int count) => [.. Floats(seed, count).Select(value => (Half)(value + Sizes.Mean))];

    private static float[] Floats(int seed, int count) => [.. new KernelNumbers(seed).Reals(count, LargestWeight).Select(value => (float)value)];

    private static float[] Singles(Half[] values) => [.. values.Select(value => (float)value)];

    private static IEnumerable<GroupNormProblem> WithAndWithoutSilu(IEnumerable<GroupNormProblem> problems) =>
        problems.SelectMany(problem => (GroupNormProblem[])[problem, problem with { HasSilu = true }]);
}
