using System.Diagnostics;
using System.Globalization;
using System.Text;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.Benchmarks.Executor;

/// <summary>How fast one core executes PTX: thread-instructions and tensor-core operations a second, with and without checks.</summary>
internal static class ExecutorTable
{
    private const int Threads = 256;
    private const int Blocks = 8;
    private const int Repeats = 5;

    /// <param name="filter">Part of what runs and how, as the table has it; empty for all.</param>
    /// <param name="least">How long each row runs: long enough for the runtime to have compiled everything at its best.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Run(string filter, TimeSpan least, TextWriter output)
    {
        output.WriteLine("| what runs | how | M thread-instructions/s | tensor GFLOP/s |");
        output.WriteLine("|---|---|---|---|");
        var usual = new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.H100] };
        Loop(output, filter, least, "loop: arithmetic", SmallLoops.Arithmetic, 4000, usual);
        Loop(output, filter, least, "loop: global and shared memory, barriers", SmallLoops.Memory, 1000, usual);
        Loop(output, filter, least, "loop: cp.async, ldmatrix, mma", SmallLoops.Tensor, 300, usual);
        Kernel(output, filter, least, "gemm 512x640x640", kernels => kernels.Gemm(512, 640, 640), usual);
        Kernel(output, filter, least, "group_norm 2x1024x320", kernels => kernels.GroupNorm(2, 320, 1024), usual);
        Kernel(output, filter, least, "softmax 256x4096", kernels => kernels.Softmax(256, 4096), usual);
        Kernel(output, filter, least, "philox_normal 262144", kernels => kernels.Philox(1 << 18), usual);
    }

    private static IEnumerable<(string How, VirtualGpuOptions Options)> Ways(VirtualGpuOptions usual) =>
    [
        ("compiled, all checks", usual), ("not compiled, all checks", usual with { IsCompiled = false }),
        ("compiled, no checks", usual with { HasChecks = false }), ("truncating, all checks", usual with { IsTruncating = true }),
        ("counting, no checks", usual with { IsCounting = true, HasChecks = false }),
    ];

    private static void Loop(TextWriter output, string filter, TimeSpan least, string name, string ptx, uint rounds, VirtualGpuOptions usual)
    {
        foreach ((string how, VirtualGpuOptions options) in Ways(usual).Where(way => $"{name} {way.How}".Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            using var card = new VirtualCard(options);
            using ContextScope scope = card.Context.Enter();
            using CudaModule module = CudaModule.Load(card.Context, Encoding.UTF8.GetBytes(ptx), out string log, out _)
                ?? throw new InvalidOperationException(log);
            CudaFunction function = module.Function("k");
            Measure(output, least, $"{name} | {how}", card, () =>
            {
                // All blocks work on one buffer, so they are launches of their own.
                DevicePointer y = card.Memory(0, Threads * 16), x = card.Memory(1, Threads * 16);
                for (int block = 0; block < Blocks; block++) card.Stream.Launch(function, new Dim3(1), new Dim3(Threads), 0, y, x, rounds);
            });
        }
    }

    private static void Kernel(TextWriter output, string filter, TimeSpan least, string name, Action<KernelLaunches> launch, VirtualGpuOptions usual)
    {
        foreach ((string how, VirtualGpuOptions options) in Ways(usual).Where(way => $"{name} {way.How}".Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            using var card = new VirtualCard(options);
            using ContextScope scope = card.Context.Enter();
            using var kernels = new KernelLaunches(card);
            Measure(output, least, $"{name} | {how}", card, () => launch(kernels));
        }
    }

    private static void Measure(TextWriter output, TimeSpan least, string row, VirtualCard card, Action launch)
    {
        launch();
        card.Stream.Synchronize();
        double best = double.MaxValue;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Repeats || Stopwatch.GetElapsedTime(start) < least; i++)
        {
            card.Forget();
            // The processor's time, not the wall's: one worker runs on this thread, whatever else the machine does.
            TimeSpan before = Environment.CpuUsage.TotalTime;
            launch();
            card.Stream.Synchronize();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        double flops = card.Launches.Sum(one => one.TensorFlops) / best / 1e9;
        if (flops == 0 && row.Contains("truncating", StringComparison.Ordinal)) return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {row} | {card.Launches.Sum(one => one.ThreadInstructions) / best / 1e6:F0} | "
                + $"{(flops > 0 ? flops.ToString("F1", CultureInfo.InvariantCulture) : "")} |"));
    }
}
