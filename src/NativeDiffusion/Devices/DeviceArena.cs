namespace NativeDiffusion.Devices;

/// <summary>A plan that runs in a device's arena.</summary>
internal interface IArenaTenant
{
    /// <summary>Bytes of the arena that it needs.</summary>
    long ArenaBytes { get; }

    /// <summary>Called when the arena was reallocated: the tenant's addresses into it are invalid.</summary>
    void ArenaMoved();
}

/// <summary>
/// A device's memory for values that live within a run, shared by all plans. As large as its largest tenant needs; allocated when
/// a plan first runs, and released when the tenant that determined its size is removed.
/// </summary>
/// <typeparam name="TMemory">The device's memory.</typeparam>
/// <param name="allocate">Allocates a number of bytes.</param>
internal sealed class DeviceArena<TMemory>(Func<long, TMemory> allocate) : IDisposable
    where TMemory : class, IDisposable
{
    private readonly List<IArenaTenant> _tenants = [];
    private TMemory? _memory;

    /// <summary>Allocated bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a plan. Its addresses are invalid until <see cref="Require"/>.</summary>
    public void Join(IArenaTenant tenant) => _tenants.Add(tenant);

    /// <summary>Removes a plan.</summary>
    public void Leave(IArenaTenant tenant)
    {
        if (!_tenants.Remove(tenant)) return;
        if (Bytes > _tenants.Select(other => other.ArenaBytes).DefaultIfEmpty(0).Max()) Free();
    }

    /// <summary>The memory, large enough for every tenant. Tenants are notified when it was reallocated.</summary>
    public TMemory Require()
    {
        long needed = _tenants.Select(tenant => tenant.ArenaBytes).DefaultIfEmpty(0).Max();
        if (_memory is not null && Bytes >= needed) return _memory;
        // The old block first: both together may exceed the memory.
        Free();
        _memory = allocate(needed);
        Bytes = needed;
        return _memory;
    }

    /// <inheritdoc/>
    public void Dispose() => Free();

    private void Free()
    {
        if (_memory is null) return;
        _memory.Dispose();
        _memory = null;
        Bytes = 0;
        foreach (IArenaTenant tenant in _tenants) tenant.ArenaMoved();
    }
}
