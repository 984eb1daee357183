using System.Diagnostics;
using System.Globalization;
using NativeDiffusion.Benchmarks.Layers;
using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks;

/// <summary>
/// Every layer on both engines in turns of a few runs, so that whatever else the machine does meets both alike; medians, and the sum over
/// one UNet evaluation, as a Markdown table.
/// </summary>
internal static class PairedTable
{
    private const int MostRuns = 15;
    private const int RunsInARow = 3;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the layers whose name contains <paramref name="filter"/>.</summary>
    public static void Run(string filter, TextWriter output)
    {
        using var workers = new CpuWorkers(BenchmarkConfig.Threads);
        double ours = 0, theirs = 0, flops = 0;
        output.WriteLine("| layer | runs | GFLOP | ms | GFLOP/s | ORT ms | ORT GFLOP/s | ratio |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (Layer layer in Sd15Layers.All.Where(layer => layer.ToString().Contains(filter, StringComparison.Ordinal)))
        {
            using LayerPair pair = layer.Create(workers);
            (double native, double onnx) = Measure(pair);
            output.WriteLine(Row(layer.ToString(), layer.Count, layer.GigaFlops, native, onnx));
            ours += native * layer.Count;
            theirs += onnx * layer.Count;
            flops += layer.GigaFlops * layer.Count;
        }

        output.WriteLine(Row("one evaluation", 1, flops, ours, theirs));
    }

    private static (double Native, double Onnx) Measure(LayerPair pair)
    {
        List<double> native = [], onnx = [];
        long start = Stopwatch.GetTimestamp();
        while (native.Count < 2 * RunsInARow || (native.Count < MostRuns && Stopwatch.GetElapsedTime(start) < s_mostTime))
        {
            Time(pair.Native, native);
            Time(pair.OnnxRuntime, onnx);
        }

        return (Median(native), Median(onnx));
    }

    // ONNX Runtime's threads spin for a while after a run and would take a core from whoever runs next: each engine's turn begins with a pause and a run that does not count.
    private static void Time(Action run, List<double> seconds)
    {
        Thread.Sleep(s_pause);
        run();
        for (int i = 0; i < RunsInARow; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Row(string name, int count, double flops, double ours, double theirs) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {count} | {flops:f2} | {ours * 1e3:f2} | {flops / ours:f0} | {theirs * 1e3:f2} | {flops / theirs:f0} | {ours / theirs:f2} |");
}
