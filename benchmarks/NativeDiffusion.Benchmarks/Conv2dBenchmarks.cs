using BenchmarkDotNet.Attributes;
using NativeDiffusion.Benchmarks.Layers;

namespace NativeDiffusion.Benchmarks;

/// <summary>Convolutions of one UNet evaluation.</summary>
public class Conv2dBenchmarks : LayerBenchmarks
{
    /// <summary>The layers by name.</summary>
    public static IEnumerable<string> Layers => NamesOf(Sd15Layers.Convolutions);

    /// <summary>The layer measured.</summary>
    [ParamsSource(nameof(Layers))]
    public string Layer { get; set; } = "";

    private protected override Layer Chosen => Find(Sd15Layers.Convolutions, Layer);
}
