using System.Globalization;
using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Benchmarks.Kernels;

/// <summary>
/// Times launches on a card by events: the median of several batches, each long enough for the events' resolution. Operands that fit the second-level cache
/// stay there, as
/// between the layers of a network.
/// </summary>
internal static class MeasuredKernels
{
    private const int Batches = 9;
    private const double BatchMilliseconds = 5;
    private const int MostLaunches = 2000;

    public static void Run(ICudaBackend backend, IEnumerable<BudgetLaunch> launches, TextWriter output)
    {
        using CudaContext context = CudaContext.Open(backend.Driver, backend: backend.Name);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        KernelCompiler? compiler = backend.Nvrtc is { } nvrtc ? new KernelCompiler(nvrtc, KernelList.Sources) : null;
        var loader = new KernelLoader(context, compiler, cache: null, KernelList.ShippedPtx);
        KernelBudgets budgets = ShippedBudgets.All;
        CudaDeviceProperties card = context.Device;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Measured on {card.Name}, compute capability {card.ComputeCapability}, driver {card.DriverVersion / 1000}.{card.DriverVersion % 1000 / 10}."));
        output.WriteLine("| kernel | shape | µs, median | least | most | GB/s of what must be moved | TFLOP/s |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (BudgetLaunch launch in launches.Where(launch => launch.Variant.Fits(context.Device.ComputeCapability)))
        {
            double[] micros = Measure(context, stream, loader, launch);
            // All launches of the shape: two where statistics come first.
            LaunchBudget[] counted =
                [.. budgets.Kernels.Where(
                kernel => kernel.Variant == launch.Variant.Name).SelectMany(kernel => kernel.Launches).Where(one => one.Shape == launch.Shape)];
            double bytes = counted.Sum(one => one.Counters.UniqueBytes), flops = counted.Sum(one => one.Counters.TensorFlops);
            double median = micros[Batches / 2];
            string tensorRate = flops > 0 ? FormattableString.Invariant($"{flops / median / 1e6:F1}") : "";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {launch.Variant.Name} | {launch.Shape} | {median:F2} | {micros[0]:F2} | {micros[^1]:F2} | {bytes / median / 1e3:F0} | {tensorRate} |"));
        }
    }

    // Microseconds of a launch, a number a batch, in rising order.
    private static double[] Measure(CudaContext context, CudaStream stream, KernelLoader loader, BudgetLaunch launch)
    {
        var random = new Random(1);
        using var memory = new BudgetMemory(context, stream, random);
        using PreparedLaunch prepared = launch.Prepare(loader, memory);
        using var before = new CudaEvent(context, timed: true);
        using var after = new CudaEvent(context, timed: true);
        // Long enough for clocks to rise; and it tells how many launches a batch takes.
        Batch(stream, prepared, before, after, 3);
        float first = Batch(stream, prepared, before, after, 10) / 10;
        int count = (int)Math.Clamp(BatchMilliseconds / Math.Max(first, 1e-3), 10, MostLaunches);
        double[] micros = [.. Enumerable.Range(0, Batches).Select(_ => 1e3 * Batch(stream, prepared, before, after, count) / count)];
        Array.Sort(micros);
        return micros;
    }

    private static float Batch(CudaStream stream, PreparedLaunch prepared, CudaEvent before, CudaEvent after, int count)
    {
        before.Record(stream);
        for (int i = 0; i < count; i++) prepared.Launch(stream);
        after.Record(stream);
        after.Synchronize();
        return after.MillisecondsSince(before);
    }
}
