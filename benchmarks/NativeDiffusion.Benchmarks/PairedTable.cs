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
    private const int MostTurns = 7;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(2);

    // A turn is long enough that its first run, which wakes an engine's threads, can be left out.
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(10);

    // The other engine's threads look for work a while before they sleep, on a core that this one's would have.
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
        Turn(pair.Native);
        Turn(pair.OnnxRuntime);
        long start = Stopwatch.GetTimestamp();
        while (native.Count < 3 || (native.Count < MostTurns && Stopwatch.GetElapsedTime(start) < s_mostTime))
        {
            native.Add(Turn(pair.Native));
            onnx.Add(Turn(pair.OnnxRuntime));
        }

        return (Median(native), Median(onnx));
    }

    // Seconds of one run, the mean of a turn.
    private static double Turn(Action run)
    {
        Thread.Sleep(s_pause);
        run();
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        while (runs == 0 || Stopwatch.GetElapsedTime(start) < s_turn)
        {
            run();
            runs++;
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / runs;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Row(string name, int count, double flops, double ours, double theirs) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {count} | {flops:f2} | {ours * 1e3:f2} | {flops / ours:f0} | {theirs * 1e3:f2} | {flops / theirs:f0} | {ours / theirs:f2} |");
}
