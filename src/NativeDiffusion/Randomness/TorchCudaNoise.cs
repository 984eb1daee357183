namespace NativeDiffusion.Randomness;

/// <summary>
/// <c>torch.randn</c> in float32 with a CUDA generator, computed here: Philox numbers distributed over a GPU's threads as in torch, within the
/// last bits of the GPU's fast sine. Equals <see cref="NvNoise"/> while a call has no more elements than the GPU has threads.
/// </summary>
public sealed class TorchCudaNoise : INoiseSource
{
    private const float Inverse32 = 2.3283064e-10f; // 2^-32, as curand writes it
    private const float TwoPiInverse32 = 2.3283064e-10f * 6.2831855f;

    private readonly ulong _seed;
    private readonly CudaThreads _threads;
    private ulong _counter; // curand's offset / 4

    /// <summary>Creates a new generator.</summary>
    /// <param name="seed">The seed, all 64 bits used.</param>
    /// <param name="threads">The thread count of the GPU.</param>
    /// <exception cref="ArgumentOutOfRangeException">The GPU has no threads.</exception>
    public TorchCudaNoise(ulong seed, CudaThreads threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads.Multiprocessors, nameof(threads));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads.Capacity, nameof(threads));
        _seed = seed;
        _threads = threads;
    }

    /// <inheritdoc/>
    public void Normal(Span<float> destination)
    {
        if (destination.IsEmpty) return;
        long threads = _threads.For(destination.Length);
        ulong rounds = (ulong)((destination.Length - 1) / (4 * threads) + 1);
        for (ulong round = 0; round < rounds; round++)
        {
            long start = (long)round * 4 * threads;
            for (long thread = 0; thread < threads && start + thread < destination.Length; thread++)
            {
                (uint x, uint y, uint z, uint w) = Philox4x32.Block(_counter + round, (ulong)thread, _seed);
                (float sin, float cos) = BoxMuller(x, y);
                Put(destination, start + thread, sin);
                Put(destination, start + thread + threads, cos);
                if (start + thread + 2 * threads >= destination.Length) continue;
                (sin, cos) = BoxMuller(z, w);
                Put(destination, start + thread + 2 * threads, sin);
                Put(destination, start + thread + 3 * threads, cos);
            }
        }

        _counter += rounds;
    }

    private static void Put(Span<float> destination, long index, float value)
    {
        if (index < destination.Length) destination[(int)index] = value;
    }

    // The GPU computes in float32 with fused multiply-add: the sums below are exact in double before their one rounding.
    private static (float Sin, float Cos) BoxMuller(uint x, uint y)
    {
        float u = (float)((double)(float)x * Inverse32 + Inverse32 / 2);
        float v = (float)((double)(float)y * TwoPiInverse32 + TwoPiInverse32 / 2);
        float s = MathF.Sqrt(-2f * (float)Elementary.Log(u));
        (double sin, double cos) = Elementary.SinCos(v);
        return (s * (float)sin, s * (float)cos);
    }
}
