using BenchmarkDotNet.Attributes;
using NativeDiffusion.Benchmarks.Layers;

namespace NativeDiffusion.Benchmarks;

/// <summary>GEGLU, fused into its linear layer of one UNet evaluation.</summary>
public class GeGluBenchmarks : LayerBenchmarks
{
    /// <summary>The layers by name.</summary>
    public static IEnumerable<string> Layers => NamesOf(Sd15Layers.GeGlus);

    /// <summary>The layer measured.</summary>
    [ParamsSource(nameof(Layers))]
    public string Layer { get; set; } = "";

    private protected override Layer Chosen => Find(Sd15Layers.GeGlus, Layer);
}
