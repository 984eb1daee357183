namespace NativeDiffusion.Solvers;

/// <summary>Which of the four slots holds which past evaluation while a table is being written: a ring, so nothing is ever moved.</summary>
/// <param name="depth">How many past evaluations are kept, 0 to 4.</param>
internal sealed class SolverHistory(int depth)
{
    private readonly List<int> _newestFirst = [];

    /// <summary>How many past evaluations are held.</summary>
    public int Count => _newestFirst.Count;

    /// <summary>A past evaluation; 1 is the one before the current.</summary>
    public SolverCombination this[int age] => Terms.Slot(_newestFirst[age - 1]);

    /// <summary>Takes the slot into which the current evaluation goes (the oldest one's once all are full), or -1 when nothing is kept.</summary>
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
