using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>A linear layer with bias, and GEGLU after it when <paramref name="Gated"/> (outputs counts values and gates).</summary>
internal sealed record LinearLayer(int Count, int Rows, int Inputs, int Outputs, bool Gated = false) : Layer(Count)
{
    /// <inheritdoc/>
    public override double GigaFlops => 2e-9 * Rows * Inputs * Outputs;

    /// <inheritdoc/>
    public override LayerPair Create(CpuWorkers workers) => new LinearPair(workers, this);

    /// <inheritdoc/>
    public override string ToString() => $"{(Gated ? "geglu" : "linear")} {Inputs}->{Outputs} x{Rows}";
}
