using BenchmarkDotNet.Attributes;
using NativeDiffusion.Benchmarks.Layers;
using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks;

/// <summary>A layer here against the same layer on ONNX Runtime, the same number of threads. The class of each operation names its layers.</summary>
public abstract class LayerBenchmarks
{
    private CpuWorkers? _workers;
    private LayerPair? _pair;

    /// <summary>Makes the chosen layer on both engines.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _workers = new CpuWorkers(BenchmarkConfig.Threads);
        _pair = Chosen.Create(_workers);
    }

    /// <summary>Gives memory back.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _pair?.Dispose();
        _workers?.Dispose();
    }

    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public void OnnxRuntime() => _pair!.OnnxRuntime();

    /// <summary>This library.</summary>
    [Benchmark]
    public void NativeDiffusion() => _pair!.Native();

    private protected abstract Layer Chosen { get; }

    private protected static IEnumerable<string> NamesOf(IEnumerable<Layer> layers) => layers.Select(layer => layer.ToString());

    private protected static Layer Find(IEnumerable<Layer> layers, string name) => layers.First(layer => layer.ToString() == name);
}
