namespace NativeDiffusion.Randomness;

/// <summary>Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).</summary>
internal static class Philox4x32
{
    /// <summary>The 128 bits of a counter under a key.</summary>
    /// <param name="low">The counter's lower 64 bits: curand's offset / 4.</param>
    /// <param name="high">The counter's upper 64 bits: curand's subsequence, the thread.</param>
    /// <param name="key">The seed.</param>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong low, ulong high, ulong key)
    {
        uint x = (uint)low, y = (uint)(low >> 32), z = (uint)high, w = (uint)(high >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * x;
            ulong p1 = 0xCD9E8D57UL * z;
            (x, y, z, w) = ((uint)(p1 >> 32) ^ y ^ k0, (uint)p1, (uint)(p0 >> 32) ^ w ^ k1, (uint)p0);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }

        return (x, y, z, w);
    }
}
