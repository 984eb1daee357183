namespace NativeDiffusion.Randomness;

/// <summary>
/// <c>torch.randn</c> in float32 with a CPU generator: the same numbers for the same seed and the same sequence of calls, within the last
/// bit of torch's own vectorised logarithm and sine. The default source of diffusers examples, of ComfyUI and of A1111's "CPU" setting.
/// </summary>
public sealed class TorchCpuNoise : INoiseSource
{
    private const int Block = 16;
    private const float TwoPi = 6.28318530717958647692f;

    private readonly Mt19937 _engine;
    private double? _second; // the sine half of a pair, kept by the generator across calls

    /// <summary>Creates a new generator.</summary>
    /// <param name="seed">The seed. Torch's CPU generator uses its lower 32 bits only.</param>
    public TorchCpuNoise(ulong seed) => _engine = new Mt19937(seed);

    /// <inheritdoc/>
    public void Normal(Span<float> destination)
    {
        if (destination.Length < Block)
        {
            for (int i = 0; i < destination.Length; i++) destination[i] = (float)NextScalar();
            return;
        }

        Uniform(destination);
        int whole = destination.Length - destination.Length % Block;
        for (int i = 0; i < whole; i += Block) Transform(destination.Slice(i, Block));
        if (whole == destination.Length) return;

        // A remainder is not transformed on its own: the last 16 elements are redrawn and overlap earlier ones.
        Span<float> tail = destination[^Block..];
        Uniform(tail);
        Transform(tail);
    }

    private void Uniform(Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (_engine.Next() & 0xFFFFFF) * (1f / 0x1000000);
    }

    // Box and Muller (1958), radii from the first eight, angles from the last eight; float32 wherever torch rounds to it.
    private static void Transform(Span<float> block)
    {
        for (int j = 0; j < Block / 2; j++)
        {
            float radius = MathF.Sqrt(-2f * (float)Elementary.Log(1f - block[j]));
            (double sin, double cos) = Elementary.SinCos(TwoPi * block[j + Block / 2]);
            block[j] = radius * (float)cos;
            block[j + Block / 2] = radius * (float)sin;
        }
    }

    private double NextScalar()
    {
        if (_second is { } kept)
        {
            _second = null;
            return kept;
        }

        double u1 = NextDouble();
        double u2 = NextDouble();
        double radius = Math.Sqrt(-2 * Elementary.Log(1 - u2)); // 1 - u2 is exact, so this is log1p(-u2)
        (double sin, double cos) = Elementary.SinCos(2 * Math.PI * u1);
        _second = radius * sin;
        return radius * cos;
    }

    private double NextDouble()
    {
        ulong high = _engine.Next();
        ulong bits = (high << 32) | _engine.Next();
        return (bits & ((1UL << 53) - 1)) * (1.0 / (1UL << 53));
    }
}
