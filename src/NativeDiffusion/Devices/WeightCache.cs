using NativeDiffusion.Weights;

namespace NativeDiffusion.Devices;

/// <summary>What a device has laid out, by layout. An entry belongs to all who asked for it and is released with the last of them.</summary>
/// <typeparam name="TMemory">What the device makes of a layout.</typeparam>
internal sealed class WeightCache<TMemory> : IDisposable
    where TMemory : class, IDisposable
{
    private readonly Dictionary<WeightLayout, Entry> _entries = [];

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a layout is there.</summary>
    public bool Contains(WeightLayout layout) => _entries.ContainsKey(layout);

    /// <summary>Finds an entry or makes it, and adds an owner.</summary>
    /// <param name="layout">What is wanted.</param>
    /// <param name="owner">Who wants it; compared by identity.</param>
    /// <param name="layOut">Makes it.</param>
    public TMemory Get(WeightLayout layout, object owner, Func<WeightLayout, TMemory> layOut)
    {
        if (!_entries.TryGetValue(layout, out Entry? entry))
        {
            entry = new Entry(layOut(layout));
            _entries.Add(layout, entry);
            Bytes += layout.Bytes;
        }

        entry.Owners.Add(owner);
        return entry.Memory;
    }

    /// <summary>Takes an owner away; entries that nobody owns any more are released.</summary>
    public void Release(object owner)
    {
        foreach ((WeightLayout layout, Entry entry) in _entries.ToArray())
        {
            if (!entry.Owners.Remove(owner) || entry.Owners.Count > 0) continue;
            entry.Memory.Dispose();
            _entries.Remove(layout);
            Bytes -= layout.Bytes;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Entry entry in _entries.Values) entry.Memory.Dispose();
        _entries.Clear();
        Bytes = 0;
    }

    private sealed record Entry(TMemory Memory)
    {
        public HashSet<object> Owners { get; } = new(ReferenceEqualityComparer.Instance);
    }
}
