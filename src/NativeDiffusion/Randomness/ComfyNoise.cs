namespace NativeDiffusion.Randomness;

/// <summary>
/// ComfyUI's rule: the first call (the initial noise of the whole batch) comes from torch's CPU generator; the sampler's noise comes from a
/// second generator with the same seed on the GPU, or with seed + 1 if sampling runs on the CPU. Equals sd.cpp's
/// <c>--rng cpu --sampler-rng cuda</c>.
/// </summary>
public sealed class ComfyNoise : INoiseSource
{
    private readonly TorchCpuNoise _initial;
    private readonly INoiseSource _steps;
    private bool _started;

    /// <summary>Creates the two streams.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="card">The GPU on which ComfyUI would sample; null for its CPU mode.</param>
    public ComfyNoise(ulong seed, CudaThreads? card)
    {
        _initial = new TorchCpuNoise(seed);
        _steps = card is { } threads ? new TorchCudaNoise(seed, threads) : new TorchCpuNoise(unchecked(seed + 1));
    }

    /// <inheritdoc/>
    public void Normal(Span<float> destination)
    {
        if (_started) _steps.Normal(destination);
        else _initial.Normal(destination);
        _started = true;
    }
}
