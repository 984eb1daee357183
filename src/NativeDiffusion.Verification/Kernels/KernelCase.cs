using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Verification;

/// <summary>
/// One problem that a kernel must solve: how it is launched, what it must give, within what tolerance, and what it costs at least. Tests, mutation
/// tests, budgets, benchmarks and <c>ndiff kernels check</c> run the same ones: <see cref="KernelCases.All"/>. Thread-safe.
/// </summary>
public abstract class KernelCase
{
    private protected KernelCase(KernelVariant variant, string family, string problem)
    {
        (Variant, Family, Problem) = (variant, family, problem);
        Name = $"{variant.Name}/{family}/{problem}";
    }

    /// <summary>Kernel, family and problem, as patterns select it: <c>softmax/rows/7x77</c>.</summary>
    public string Name { get; }

    /// <summary>The kernel's compilation, as <see cref="Cuda.Kernels.KernelCatalog"/> lists it.</summary>
    public string Kernel => Variant.Name;

    /// <summary>What its problem has in common with others: <c>edges</c>.</summary>
    public string Family { get; }

    /// <summary>The problem: sizes, and what is done to them.</summary>
    public string Problem { get; }

    /// <summary>How long it takes on a virtual card.</summary>
    public KernelCaseSize Size { get; init; }

    /// <summary>What the operation needs at least.</summary>
    internal abstract KernelCost Cost { get; }

    /// <summary>The compilation.</summary>
    internal KernelVariant Variant { get; }

    /// <summary>True where kernels/budgets.json counts the launches, under the problem's name, and the benchmarks time them.</summary>
    internal bool IsBudgeted { get; init; }

    /// <summary>True where tests run it in a random order of warps, too: one of each way through the kernel's synchronisation.</summary>
    internal bool IsShuffled { get; init; }

    /// <summary>How far a number of the result may be from its reference.</summary>
    internal abstract Tolerance Tolerance { get; }

    /// <summary>True if a card can run it.</summary>
    /// <param name="device">The card.</param>
    public virtual bool Fits(CudaDeviceProperties device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Variant.Fits(device.ComputeCapability);
    }

    /// <summary>The entries that are launched on a card, in order.</summary>
    /// <param name="device">A card that the case fits.</param>
    internal abstract IReadOnlyList<string> Entries(CudaDeviceProperties device);

    /// <summary>Launches the kernel through the engine's launcher and compares the result with the reference.</summary>
    /// <param name="device">A card that the case fits.</param>
    /// <returns>
    /// Error and tolerance of the worst element; on a miss the detail names kernel, problem, entries, element, both values and the tolerance.
    /// </returns>
    /// <exception cref="DeviceException">The kernel could not be loaded, or a call of the driver failed.</exception>
    public VerifyResult Check(KernelDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using ContextScope scope = device.Context.Enter();
        using var memory = new KernelMemory(device.Context, device.Stream);
        KernelRun run = Prepare(device, memory);
        run.Launch(device.Stream);
        double[] actual = run.Output.Download(device.Stream);
        string place = $"{Kernel}, {Problem}, {string.Join(" and ", Entries(device.Properties))}";
        return run.Output.Damage is { } damage
            ? new VerifyResult(VerifyVerdict.Missed, double.PositiveInfinity, 0, $"{place}: {damage}")
            : WorstElement.Judge(Expected(), actual, Tolerance, run.Output.Width, place);
    }

    /// <summary>Loads the kernel and fills the memory of a launch that can be repeated. The calling thread has entered the device's context.</summary>
    /// <param name="device">A card that the case fits.</param>
    /// <param name="memory">Where its operands come from; gives them back.</param>
    internal abstract KernelRun Prepare(KernelDevice device, KernelMemory memory);

    /// <summary>The result by the formula in double: as many numbers as the output has, in its order.</summary>
    internal abstract double[] Expected();
}
