namespace NativeDiffusion.Randomness;

/// <summary>numpy's SeedSequence (after M. O'Neill's seed_seq alternative): hashes a seed and a position in a tree to the seed of that position.</summary>
internal static class SeedSequence
{
    private const uint InitA = 0x43B0D7E5, MultiplyA = 0x931E8875;
    private const uint InitB = 0x8B51F9DD, MultiplyB = 0x58F38DED;
    private const uint MixLeft = 0xCA01F9DD, MixRight = 0x4973F715;

    /// <summary>The first 32-bit word of the state, which seeds the position's noise.</summary>
    /// <param name="entropy">The seed.</param>
    /// <param name="spawnKey">The position; empty for the sequence itself.</param>
    /// <param name="poolSize">Words of the pool, at least 4.</param>
    public static uint FirstWord(ulong entropy, ReadOnlySpan<ulong> spawnKey, int poolSize)
    {
        Span<uint> words = stackalloc uint[poolSize + 2 * spawnKey.Length];
        words.Clear();
        int count = Append(words, 0, entropy);
        if (!spawnKey.IsEmpty) count = poolSize; // the seed is zero-padded, so that a key cannot be confused with a seed
        foreach (ulong key in spawnKey) count = Append(words, count, key);

        Span<uint> pool = stackalloc uint[poolSize];
        uint constant = InitA;
        for (int i = 0; i < poolSize; i++) pool[i] = Hash(i < count ? words[i] : 0, ref constant);
        for (int source = 0; source < poolSize; source++)
        {
            for (int target = 0; target < poolSize; target++)
            {
                if (source != target) pool[target] = Mix(pool[target], Hash(pool[source], ref constant));
            }
        }

        for (int source = poolSize; source < count; source++)
        {
            for (int target = 0; target < poolSize; target++) pool[target] = Mix(pool[target], Hash(words[source], ref constant));
        }

        uint value = (pool[0] ^ InitB) * unchecked(InitB * MultiplyB);
        return value ^ (value >> 16);
    }

    private static int Append(Span<uint> words, int count, ulong value)
    {
        words[count++] = (uint)value;
        if (value >> 32 != 0) words[count++] = (uint)(value >> 32);
        return count;
    }

    private static uint Hash(uint value, ref uint constant)
    {
        value ^= constant;
        constant *= MultiplyA;
        value *= constant;
        return value ^ (value >> 16);
    }

    private static uint Mix(uint x, uint y)
    {
        uint result = MixLeft * x - MixRight * y;
        return result ^ (result >> 16);
    }
}
