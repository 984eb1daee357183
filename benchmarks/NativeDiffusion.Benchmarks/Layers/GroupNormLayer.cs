using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>GroupNorm of 32 groups followed by SiLU.</summary>
internal sealed record GroupNormLayer(int Count, int Channels, int Size) : Layer(Count)
{
    /// <inheritdoc/>
    public override double GigaFlops => 8e-9 * Size * Size * Channels;

    /// <inheritdoc/>
    public override LayerPair Create(CpuWorkers workers) => new GroupNormPair(workers, this);

    /// <inheritdoc/>
    public override string ToString() => $"group norm {Channels} @{Size}";
}
