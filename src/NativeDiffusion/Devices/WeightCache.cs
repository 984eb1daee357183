using NativeDiffusion.Weights;

namespace NativeDiffusion.Devices;

/// <summary>A device's packed weights, by layout. An entry can have several owners and is released with the last.</summary>
/// <typeparam name="TMemory">The device's representation of a layout.</typeparam>
internal sealed class WeightCache<TMemory> : IDisposable
    where TMemory : class, IDisposable
{
    private readonly Dictionary<WeightLayout, Entry> _entries = [];

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a layout is cached.</summary>
    public bool Contains(WeightLayout layout) => _entries.ContainsKey(layout);

    /// <summary>Finds or creates an entry, and adds an owner.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="owner">The owner; compared by identity.</param>
    /// <param name="layOut">Creates the entry.</param>
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

    /// <summary>Removes an owner; entries without owners are released.</summary>
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
