using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>Attention of several heads, without its projections.</summary>
internal sealed record AttentionLayer(int Count, int Heads, int QueryTokens, int KeyTokens, int HeadDim) : Layer(Count)
{
    /// <inheritdoc/>
    public override double GigaFlops => 4e-9 * Heads * QueryTokens * KeyTokens * HeadDim;

    /// <inheritdoc/>
    public override LayerPair Create(CpuWorkers workers) => new AttentionPair(workers, this);

    /// <inheritdoc/>
    public override string ToString() => $"attention d{HeadDim} {QueryTokens}x{KeyTokens}";
}
