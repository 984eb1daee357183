namespace NativeDiffusion.Randomness;

/// <summary>The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded as torch and std::mt19937 do.</summary>
internal sealed class Mt19937
{
    private const int Length = 624;
    private const int Middle = 397;

    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    /// <summary>Seeds the generator. Only the lower 32 bits matter: seeds equal modulo 2^32 give equal streams.</summary>
    public Mt19937(ulong seed)
    {
        uint s = (uint)seed;
        _state[0] = s;
        for (uint j = 1; j < Length; j++)
        {
            s = 1812433253u * (s ^ (s >> 30)) + j;
            _state[j] = s;
        }
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        if (_next == Length) Twist();
        uint y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680u;
        y ^= (y << 15) & 0xEFC60000u;
        return y ^ (y >> 18);
    }

    private void Twist()
    {
        uint[] s = _state;
        int k = 0;
        for (; k < Length - Middle; k++) s[k] = s[k + Middle] ^ Mix(s[k], s[k + 1]);
        for (; k < Length - 1; k++) s[k] = s[k + Middle - Length] ^ Mix(s[k], s[k + 1]);
        s[Length - 1] = s[Middle - 1] ^ Mix(s[Length - 1], s[0]);
        _next = 0;
    }

    private static uint Mix(uint upper, uint lower)
    {
        uint y = (upper & 0x80000000u) | (lower & 0x7FFFFFFFu);
        return (y >> 1) ^ ((y & 1) * 0x9908B0DFu);
    }
}
