using System.Numerics;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The grains of global memory that a worker has accessed: a bit each, per allocation.</summary>
internal sealed class UniqueBytes(int grain) : IDisposable
{
    private readonly Dictionary<Allocation, ulong[]> _touched = [];
    private readonly int _shift = BitOperations.Log2((uint)grain);
    private Allocation? _last;
    private ulong[] _lastBits = [];

    /// <summary>Records an access to an allocation.</summary>
    public void Touch(Allocation allocation, ulong offset, ulong bytes)
    {
        ulong[] bits = allocation == _last ? _lastBits : Find(allocation);
        ulong from = offset >> _shift, to = (offset + bytes - 1) >> _shift;
        int word = (int)(from >> 6), last = (int)(to >> 6);
        ulong head = ulong.MaxValue << (int)(from & 63), tail = ulong.MaxValue >> (int)(63 - (to & 63));
        if (word == last)
        {
            bits[word] |= head & tail;
            return;
        }
        bits[word] |= head;
        for (int i = word + 1; i < last; i++) bits[i] = ulong.MaxValue;
        bits[last] |= tail;
    }

    /// <summary>Adds the accesses of another worker.</summary>
    public void Join(UniqueBytes other)
    {
        foreach ((Allocation allocation, ulong[] bits) in other._touched)
        {
            ulong[] own = Find(allocation);
            for (int i = 0; i < own.Length; i++) own[i] |= bits[i];
        }
    }

    /// <summary>Distinct bytes accessed.</summary>
    public long Count()
    {
        long grains = 0;
        foreach (ulong[] bits in _touched.Values)
            foreach (ulong word in bits) grains += BitOperations.PopCount(word);
        return grains << _shift;
    }

    public void Dispose() => _touched.Clear();

    private ulong[] Find(Allocation allocation)
    {
        if (!_touched.TryGetValue(allocation, out ulong[]? bits))
            _touched.Add(allocation, bits = new ulong[(allocation.Size >> _shift >> 6) + 1]);
        (_last, _lastBits) = (allocation, bits);
        return bits;
    }
}
