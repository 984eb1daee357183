namespace NativeDiffusion.Randomness;

/// <summary>
/// A1111's "NV" source: one Philox block per element, of which the first normal is used, in double precision; sd.cpp's <c>--rng cuda</c> is the same.
/// It equals an NVIDIA GPU with unlimited threads; see <see cref="TorchCudaNoise"/> for a real one.
/// </summary>
public sealed class NvNoise : INoiseSource
{
    private const double Inverse32 = 2.3283064e-10f;
    private const float TwoPiInverse32 = (float)(2.3283064e-10 * 6.2831855);

    private readonly ulong _seed;
    private uint _call;

    /// <summary>Creates a new generator.</summary>
    /// <param name="seed">The seed, all 64 bits used.</param>
    public NvNoise(ulong seed) => _seed = seed;

    /// <summary>Where the stream stands.</summary>
    internal PhiloxKey Key => new(_seed, _call);

    /// <inheritdoc/>
    public void Normal(Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            (uint x, uint y, _, _) = Philox4x32.Block(_call, (ulong)i, _seed);
            double u = x * Inverse32 + Inverse32 / 2;
            double v = y * (double)TwoPiInverse32 + TwoPiInverse32 / 2;
            destination[i] = (float)(Math.Sqrt(-2 * Elementary.Log(u)) * Elementary.SinCos(v).Sin);
        }

        _call++;
    }
}
