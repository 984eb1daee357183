using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>A set of a function's registers, as bits.</summary>
internal sealed class RegisterSet(int count)
{
    private readonly ulong[] _words = new ulong[(count + 63) / 64];

    public bool this[int register]
    {
        get => (_words[register >> 6] >> (register & 63) & 1) != 0;
        set
        {
            if (value) _words[register >> 6] |= 1UL << (register & 63);
            else _words[register >> 6] &= ~(1UL << (register & 63));
        }
    }

    public void Fill() => Array.Fill(_words, ~0UL);

    public void CopyFrom(RegisterSet other) => other._words.CopyTo(_words, 0);

    /// <summary>Adds the other's members; true if any was new.</summary>
    public bool UnionWith(RegisterSet other)
    {
        bool isChanged = false;
        for (int i = 0; i < _words.Length; i++)
        {
            ulong joined = _words[i] | other._words[i];
            isChanged |= joined != _words[i];
            _words[i] = joined;
        }
        return isChanged;
    }

    /// <summary>Intersects with the other; true if any was removed.</summary>
    public bool IntersectWith(RegisterSet other)
    {
        bool isChanged = false;
        for (int i = 0; i < _words.Length; i++)
        {
            ulong common = _words[i] & other._words[i];
            isChanged |= common != _words[i];
            _words[i] = common;
        }
        return isChanged;
    }

    public IEnumerable<int> Members()
    {
        for (int i = 0; i < _words.Length; i++)
            for (ulong rest = _words[i]; rest != 0; rest &= rest - 1)
                yield return (i << 6) + BitOperations.TrailingZeroCount(rest);
    }
}
