namespace NativeDiffusion.Randomness;

/// <summary>A kind of generator that creates streams, one for each seed.</summary>
/// <param name="Kind">The generator.</param>
/// <param name="Card">The GPU whose thread count <see cref="NoiseKind.TorchCuda"/> uses; null for <see cref="CudaThreads.Default"/>.</param>
public sealed record NoiseOrigin(NoiseKind Kind, CudaThreads? Card = null)
{
    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">The seed; torch's CPU generator uses its lower 32 bits only.</param>
    public INoiseSource Create(ulong seed) => Kind switch
    {
        NoiseKind.TorchCpu => new TorchCpuNoise(seed),
        NoiseKind.TorchCuda => new TorchCudaNoise(seed, Card ?? CudaThreads.Default),
        NoiseKind.Nv => new NvNoise(seed),
        _ => throw new InvalidOperationException($"The noise kind {Kind} does not exist; use TorchCpu, TorchCuda or Nv."),
    };
}
