using NativeDiffusion.Plans;

namespace NativeDiffusion.Devices;

/// <summary>
/// LRU cache of compiled plans by purpose. A plan owns little memory (its inputs, outputs and prologue results): its
/// values are in the device's arena and its weights are shared.
/// </summary>
/// <param name="device">Compiles missing plans.</param>
/// <param name="capacity">Maximum number of plans; the least recently used is evicted first.</param>
internal sealed class PlanCache(IComputeDevice device, int capacity) : IDisposable
{
    private readonly Lock _gate = new();

    // Most recently used last.
    private readonly List<Entry> _entries = [];

    /// <summary>Leases a plan to one user; it is compiled on a cache miss, or while another user has the one of this key.</summary>
    /// <typeparam name="T">The recorded graph with its handles.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="describe">Records the graph.</param>
    /// <param name="graph">Selects the graph of a record.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <returns>The lease; a leased plan is never evicted. Dispose it to return the plan.</returns>
    public PlanLease<T> Lease<T>(PlanKey key, Func<T> describe, Func<T, Graph> graph, CancellationToken cancellationToken)
        where T : class
    {
        lock (_gate)
        {
            Entry? entry = _entries.FindLast(kept => kept.Key == key && !kept.IsLeased);
            if (entry is not null) _entries.Remove(entry);
            else
            {
                while (_entries.Count >= capacity && _entries.Find(kept => !kept.IsLeased) is { } oldest)
                {
                    oldest.Plan.Dispose();
                    _entries.Remove(oldest);
                }

                T described = describe();
                entry = new Entry(key, described, device.Compile(graph(described), key.Owner, cancellationToken: cancellationToken));
            }

            entry.IsLeased = true;
            _entries.Add(entry);
            return new PlanLease<T>((T)entry.Described, entry.Plan, () => Return(entry));
        }
    }

    /// <summary>Disposes the plans of an owner; leased ones when they are returned.</summary>
    public void Release(object owner) => Release(entry => ReferenceEquals(entry.Key.Owner, owner));

    /// <inheritdoc/>
    public void Dispose() => Release(_ => true);

    private void Release(Predicate<Entry> isReleased)
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries.FindAll(isReleased).Where(entry => !entry.IsLeased)) entry.Plan.Dispose();
            _entries.RemoveAll(isReleased);
        }
    }

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            entry.IsLeased = false;
            if (!_entries.Contains(entry)) entry.Plan.Dispose();
        }
    }

    private sealed class Entry(PlanKey key, object described, ICompiledPlan plan)
    {
        public PlanKey Key { get; } = key;

        public object Described { get; } = described;

        public ICompiledPlan Plan { get; } = plan;

        public bool IsLeased { get; set; }
    }
}

/// <summary>A cached plan in the hands of one user.</summary>
/// <typeparam name="T">The recorded graph with its handles.</typeparam>
/// <param name="described">The recorded graph with its handles.</param>
/// <param name="plan">The plan.</param>
/// <param name="disposed">Returns the plan to the cache.</param>
internal sealed class PlanLease<T>(T described, ICompiledPlan plan, Action disposed) : IDisposable
{
    private Action? _disposed = disposed;

    /// <summary>The recorded graph with its handles.</summary>
    public T Described => described;

    /// <summary>The plan.</summary>
    public ICompiledPlan Plan => plan;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _disposed, null)?.Invoke();
}

/// <summary>The key of a cached plan.</summary>
/// <param name="Owner">The owner of the plan and its weights; compared by identity.</param>
/// <param name="Purpose">Which of the owner's graphs: <c>unet</c>, <c>decoder</c>, …</param>
/// <param name="Sizes">The sizes that the graph was recorded for.</param>
internal readonly record struct PlanKey(object Owner, string Purpose, (int, int, int, int) Sizes)
{
    /// <inheritdoc/>
    public bool Equals(PlanKey other) => ReferenceEquals(Owner, other.Owner) && Purpose == other.Purpose && Sizes == other.Sizes;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Owner), Purpose, Sizes);
}
