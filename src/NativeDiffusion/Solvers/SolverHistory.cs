namespace NativeDiffusion.Solvers;

/// <summary>The assignment of history slots to past evaluations while a table is created: a ring, so nothing is ever moved.</summary>
/// <param name="depth">The number of past evaluations kept, 0 to 4.</param>
internal sealed class SolverHistory(int depth)
{
    private readonly List<int> _newestFirst = [];

    /// <summary>The number of past evaluations held.</summary>
    public int Count => _newestFirst.Count;

    /// <summary>A past evaluation; 1 is the one before the current.</summary>
    public SolverCombination this[int age] => Terms.Slot(_newestFirst[age - 1]);

    /// <summary>Returns the slot for the current evaluation (the oldest one's once all are full), or -1 if none is kept.</summary>
    public int Push()
    {
        if (depth == 0) return -1;
        int slot = _newestFirst.Count;
        if (slot == depth)
        {
            slot = _newestFirst[^1];
            _newestFirst.RemoveAt(depth - 1);
        }

        _newestFirst.Insert(0, slot);
        return slot;
    }
}
