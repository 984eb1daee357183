using BenchmarkDotNet.Attributes;
using NativeDiffusion.Benchmarks.Layers;

namespace NativeDiffusion.Benchmarks;

/// <summary>Attention without its projections of one UNet evaluation.</summary>
public class AttentionBenchmarks : LayerBenchmarks
{
    /// <summary>The layers by name.</summary>
    public static IEnumerable<string> Layers => NamesOf(Sd15Layers.Attentions);

    /// <summary>The layer measured.</summary>
    [ParamsSource(nameof(Layers))]
    public string Layer { get; set; } = "";

    private protected override Layer Chosen => Find(Sd15Layers.Attentions, Layer);
}
