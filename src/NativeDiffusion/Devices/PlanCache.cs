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
    private readonly List<(PlanKey Key, object Described, ICompiledPlan Plan)> _plans = [];

    /// <summary>A plan, compiled on a cache miss.</summary>
    /// <typeparam name="T">The recorded graph with its handles.</typeparam>
    /// <param name="key">Its key.</param>
    /// <param name="describe">Records the graph.</param>
    /// <param name="graph">Selects the graph of a record.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <returns>The recorded graph with its handles, and its plan. Valid until <see cref="Release"/> or until it is evicted.</returns>
    public (T Described, ICompiledPlan Plan) Get<T>(PlanKey key, Func<T> describe, Func<T, Graph> graph, CancellationToken cancellationToken)
        where T : class
    {
        lock (_gate)
        {
            int index = _plans.FindIndex(kept => kept.Key == key);
            (PlanKey Key, object Described, ICompiledPlan Plan) found;
            if (index >= 0)
            {
                found = _plans[index];
                _plans.RemoveAt(index);
            }
            else
            {
                for (; _plans.Count >= capacity; _plans.RemoveAt(0)) _plans[0].Plan.Dispose();
                T described = describe();
                found = (key, described, device.Compile(graph(described), key.Owner, cancellationToken: cancellationToken));
            }

            _plans.Add(found);
            return ((T)found.Described, found.Plan);
        }
    }

    /// <summary>Disposes the plans of an owner.</summary>
    public void Release(object owner)
    {
        lock (_gate)
        {
            foreach ((_, _, ICompiledPlan plan) in _plans.Where(kept => ReferenceEquals(kept.Key.Owner, owner))) plan.Dispose();
            _plans.RemoveAll(kept => ReferenceEquals(kept.Key.Owner, owner));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach ((_, _, ICompiledPlan plan) in _plans) plan.Dispose();
            _plans.Clear();
        }
    }
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
