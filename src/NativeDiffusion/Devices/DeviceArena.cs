namespace NativeDiffusion.Devices;

/// <summary>A plan that runs in a device's arena.</summary>
internal interface IArenaTenant
{
    /// <summary>Bytes that it needs there.</summary>
    long ArenaBytes { get; }

    /// <summary>Called when the arena has got another place: addresses into it that the tenant holds are void.</summary>
    void ArenaMoved();
}

/// <summary>
/// One stretch of a device's memory for values that die within a run, whichever plan runs. As large as its largest tenant needs; taken when
/// something first runs, and released when a tenant leaves whom alone it was so large for.
/// </summary>
/// <typeparam name="TMemory">The device's memory.</typeparam>
/// <param name="allocate">Takes so many bytes.</param>
internal sealed class DeviceArena<TMemory>(Func<long, TMemory> allocate) : IDisposable
    where TMemory : class, IDisposable
{
    private readonly List<IArenaTenant> _tenants = [];
    private TMemory? _memory;

    /// <summary>Bytes that are taken.</summary>
    public long Bytes { get; private set; }

    /// <summary>Lets a plan in. Its addresses are void until <see cref="Require"/>.</summary>
    public void Join(IArenaTenant tenant) => _tenants.Add(tenant);

    /// <summary>Lets a plan go.</summary>
    public void Leave(IArenaTenant tenant)
    {
        if (!_tenants.Remove(tenant)) return;
        if (Bytes > _tenants.Select(other => other.ArenaBytes).DefaultIfEmpty(0).Max()) Free();
    }

    /// <summary>The memory, large enough for every tenant. Tenants are told when it moved.</summary>
    public TMemory Require()
    {
        long needed = _tenants.Select(tenant => tenant.ArenaBytes).DefaultIfEmpty(0).Max();
        if (_memory is not null && Bytes >= needed) return _memory;
        // The old one first: both together may be more than there is.
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
