namespace NativeDiffusion.Benchmarks;

/// <summary>Seeded numbers: zeros and constants would run faster than real data.</summary>
internal static class RandomValues
{
    /// <summary>Uniform in [-scale, scale).</summary>
    public static float[] Of(long count, float scale, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (long i = 0; i < count; i++)
            values[i] = ((random.NextSingle() * 2) - 1) * scale;
        return values;
    }
}
