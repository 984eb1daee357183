using System.Globalization;
using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Benchmarks.Kernels;

/// <summary>
/// Times cases' launches on a card by events: the median of several batches, each long enough for the events' resolution. Operands that fit the
/// second-level cache stay there, as between the layers of a network.
/// </summary>
internal static class MeasuredKernels
{
    private const int Batches = 9;
    private const double BatchMilliseconds = 5;
    private const int MostLaunches = 2000;

    public static void Run(ICudaBackend backend, IEnumerable<KernelCase> cases, TextWriter output)
    {
        using KernelDevice device = KernelDevice.Open(backend);
        using ContextScope scope = device.Context.Enter();
        CudaDeviceProperties card = device.Properties;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Measured on {card.Name}, compute capability {card.ComputeCapability}, driver {card.DriverVersion / 1000}.{card.DriverVersion % 1000 / 10}."));
        output.WriteLine("| kernel | shape | µs, median | least | most | GB/s of what must be moved | TFLOP/s |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (KernelCase one in cases.Where(one => one.Fits(card)))
        {
            double[] micros = Measure(device, one);
            double median = micros[Batches / 2];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Kernel} | {one.Problem} | {median:F2} | {micros[0]:F2} | {micros[^1]:F2} | {one.Cost.Bytes / median / 1e3:F0} | "
                    + $"{one.Cost.Flops / median / 1e6:F1} |"));
        }
    }

    // Microseconds of a launch, a number a batch, in rising order.
    private static double[] Measure(KernelDevice device, KernelCase one)
    {
        using var memory = new KernelMemory(device.Context, device.Stream);
        KernelRun run = one.Prepare(device, memory);
        using var before = new CudaEvent(device.Context, timed: true);
        using var after = new CudaEvent(device.Context, timed: true);
        // Long enough for clocks to rise; and it tells how many launches a batch takes.
        Batch(device.Stream, run, before, after, 3);
        float first = Batch(device.Stream, run, before, after, 10) / 10;
        int count = (int)Math.Clamp(BatchMilliseconds / Math.Max(first, 1e-3), 10, MostLaunches);
        double[] micros = [.. Enumerable.Range(0, Batches).Select(_ => 1e3 * Batch(device.Stream, run, before, after, count) / count)];
        Array.Sort(micros);
        return micros;
    }

    private static float Batch(CudaStream stream, KernelRun run, CudaEvent before, CudaEvent after, int count)
    {
        before.Record(stream);
        for (int i = 0; i < count; i++) run.Launch(stream);
        after.Record(stream);
        after.Synchronize();
        return after.MillisecondsSince(before);
    }
}
