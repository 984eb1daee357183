using BenchmarkDotNet.Attributes;
using NativeDiffusion.Benchmarks.Layers;
using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks;

/// <summary>All layers of one UNet evaluation, one after the other, each as often as the network runs it.</summary>
public class UNetBenchmarks
{
    private readonly List<(Layer Layer, LayerPair Pair)> _layers = [];
    private CpuWorkers? _workers;

    /// <summary>Makes every layer on both engines.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _workers = new CpuWorkers(BenchmarkConfig.Threads);
        foreach (Layer layer in Sd15Layers.All)
            _layers.Add((layer, layer.Create(_workers)));
    }

    /// <summary>Gives memory back.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        foreach ((_, LayerPair pair) in _layers)
            pair.Dispose();
        _workers?.Dispose();
    }

    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public void OnnxRuntime() => RunAll(pair => pair.OnnxRuntime());

    /// <summary>This library.</summary>
    [Benchmark]
    public void NativeDiffusion() => RunAll(pair => pair.Native());

    private void RunAll(Action<LayerPair> run)
    {
        foreach ((Layer layer, LayerPair pair) in _layers)
        {
            for (int i = 0; i < layer.Count; i++)
                run(pair);
        }
    }
}
