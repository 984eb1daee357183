using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>A convolution with bias: <paramref name="Size"/> is the output's side, the stored input is half of it when <paramref name="Upsampled"/>.</summary>
internal sealed record ConvolutionLayer(int Count, int Inputs, int Outputs, int Size, int Kernel = 3, int Stride = 1, bool Upsampled = false) : Layer(Count)
{
    /// <summary>Side of the stored input.</summary>
    public int InputSize => Upsampled ? Size / 2 : Size * Stride;

    /// <inheritdoc/>
    public override double GigaFlops => 2e-9 * Size * Size * Outputs * Inputs * Kernel * Kernel;

    /// <inheritdoc/>
    public override LayerPair Create(CpuWorkers workers) => new ConvolutionPair(workers, this);

    /// <inheritdoc/>
    public override string ToString() => $"conv{Kernel}x{Kernel} {Inputs}->{Outputs} @{Size}{(Stride > 1 ? " down" : "")}{(Upsampled ? " up" : "")}";
}
