namespace NativeDiffusion.Randomness;

/// <summary>A kind of generator from which streams are made, one for each seed.</summary>
/// <param name="Kind">The generator.</param>
/// <param name="Card">The card whose threads <see cref="NoiseKind.TorchCuda"/> follows; null for <see cref="CudaThreads.Default"/>.</param>
public sealed record NoiseOrigin(NoiseKind Kind, CudaThreads? Card = null)
{
    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">The seed; torch's CPU generator uses its lower 32 bits only.</param>
    public INoiseSource Create(ulong seed) => Kind switch
    {
        NoiseKind.TorchCpu => new TorchCpuNoise(seed),
        NoiseKind.TorchCuda => new TorchCudaNoise(seed, Card ?? CudaThreads.Default),
        NoiseKind.Nv => new NvNoise(seed),
        _ => throw new InvalidOperationException($"The noise kind {Kind} does not exist; take TorchCpu, TorchCuda or Nv."),
    };
}
