using BenchmarkDotNet.Attributes;
using NativeDiffusion.Benchmarks.Layers;

namespace NativeDiffusion.Benchmarks;

/// <summary>Linear layers of one UNet evaluation.</summary>
public class LinearBenchmarks : LayerBenchmarks
{
    /// <summary>The layers by name.</summary>
    public static IEnumerable<string> Layers => NamesOf(Sd15Layers.Linears);

    /// <summary>The layer measured.</summary>
    [ParamsSource(nameof(Layers))]
    public string Layer { get; set; } = "";

    private protected override Layer Chosen => Find(Sd15Layers.Linears, Layer);
}
