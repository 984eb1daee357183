using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>A layer's sizes, and how often one evaluation of the network runs it.</summary>
internal abstract record Layer(int Count)
{
    /// <summary>Arithmetic of one run as the definition counts it, in 10^9 operations.</summary>
    public abstract double GigaFlops { get; }

    /// <summary>Makes the layer on both engines, with as many threads as the workers have.</summary>
    public abstract LayerPair Create(CpuWorkers workers);
}
