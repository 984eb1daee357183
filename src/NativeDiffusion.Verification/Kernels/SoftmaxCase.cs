using System.Globalization;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Verification;

/// <summary>Softmax over the rows of a matrix of halves.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Scale">What numbers are multiplied by first.</param>
internal sealed record SoftmaxProblem(int Rows, int Columns, float Scale = 1)
{
    /// <summary>True where the result takes the place of x.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>True for rows of which every second number is -∞, the last one of nothing else.</summary>
    public bool IsMasked { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows}x{Columns}") + (IsMasked ? " masked" : "")
        + (Scale == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" scale {Scale}")) + (IsInPlace ? " in place" : "");
}

/// <summary>Softmax's kernels on one problem.</summary>
internal sealed class SoftmaxCase(string family, SoftmaxProblem problem) : KernelCase<SoftmaxProblem>(SoftmaxKernel.Variant, family, problem)
{
    // Numbers are in [-4, 4), so that they differ from a row's largest by no more.
    private const double Spread = 8;
    private const double LogTwoE = 1.5;

    // From here on a row is read twice: KeptElements · MostKeptThreads of the launcher.
    private const int MostKept = 16384;

    // A random order of warps tells nothing more of rows longer than this, and takes long.
    private const int MostShuffled = 5000;

    /// <summary>All cases.</summary>
    public static IReadOnlyList<SoftmaxCase> All { get; } =
    [
        .. new SoftmaxProblem[]
        {
            new(7, 77, 0.5f), new(3, 1024), new(2, 4096, 0.044f), new(33, 1), new(5, 31, 20), new(1, 4099, -1),
            // A warp a row, whole and one element more; several, with threads that have nothing; the most that is kept, and one more.
            new(9, 1032), new(2, 1025), new(5, 8), new(2, 10008), new(1, MostKept), new(1, MostKept - 1), new(1, MostKept + 8), new(1, 40000), new(2, 33333),
            new(1, 77, 0),
        }.Select(problem => new SoftmaxCase("rows", problem) { IsShuffled = problem.Columns < MostShuffled }),
        // A row with every second element masked, and one of nothing else: a warp's, several warps', one that is read twice.
        .. new[] { 4, 64, 2048, 32768 }.Select(columns => new SoftmaxCase("masks", new SoftmaxProblem(2, columns) { IsMasked = true })),
        .. new[] { (9, 77), (3, 4096), (2, 20000) }.Select(
            sizes => new SoftmaxCase("in place", new SoftmaxProblem(sizes.Item1, sizes.Item2) { IsInPlace = true }) { IsShuffled = true }),
        // The VAE's attention, the text encoder's, and rows longer than any.
        new("layers", new SoftmaxProblem(4096, 4096)) { Size = KernelCaseSize.Large, IsBudgeted = true },
        new("layers", new SoftmaxProblem(64, 77)) { IsBudgeted = true },
        new("layers", new SoftmaxProblem(4, 200_000)) { Size = KernelCaseSize.Large, IsBudgeted = true },
    ];

    internal override KernelCost Cost
    {
        get
        {
            // Scale, difference, power, sum and quotient; a half in and a half out.
            double elements = (double)Sizes.Rows * Sizes.Columns;
            return new KernelCost(5 * elements, 4 * elements);
        }
    }

    // Of a masked row some numbers are one, and the others nothing: their shares are powers of two.
    internal override Tolerance Tolerance =>
        Sizes.IsMasked ? Tolerance.Exact : Tolerance.Exponential(Math.Abs(Sizes.Scale) * Spread * LogTwoE, Sizes.Columns).InHalf();

    internal override IReadOnlyList<string> Entries(CudaDeviceProperties device) => [Sizes.Columns <= MostKept ? "softmax_f16" : "softmax_long_f16"];

    internal override KernelRun Prepare(KernelDevice device, KernelMemory memory)
    {
        SoftmaxKernel kernel = device.Kernel(Variant, loader => new SoftmaxKernel(loader));
        (int rows, int columns) = (Sizes.Rows, Sizes.Columns);
        KernelOutput y = memory.Output<Half>(rows, columns, columns, values: Sizes.IsInPlace ? X : null);
        DevicePointer x = Sizes.IsInPlace ? y.Pointer : memory.Upload((long)rows * columns, X);
        return new KernelRun(queue => kernel.Launch(queue, x, y.Pointer, rows, columns, Sizes.Scale), y);
    }

    internal override double[] Expected() => SoftmaxReference.Forward([.. X().Select(value => (float)value)], Sizes.Rows, Sizes.Columns, Sizes.Scale);

    private Half[] X()
    {
        int count = Sizes.Rows * Sizes.Columns;
        if (Sizes.IsMasked)
            return [.. Enumerable.Range(0, count).Select(i => i < count - Sizes.Columns && i % 2 == 0 ? Half.One : Half.NegativeInfinity)];
        return [.. new KernelNumbers(Sizes.Columns).Reals(count, Spread / 2).Select(value => (Half)value)];
    }
}
