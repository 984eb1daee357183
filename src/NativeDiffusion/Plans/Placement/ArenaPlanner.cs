namespace NativeDiffusion.Plans;

/// <summary>
/// Assigns blocks with lifetimes to offsets in one arena; blocks with disjoint lifetimes share bytes.
/// Largest first, each at the lowest offset that is free during its whole lifetime.
/// </summary>
/// <param name="alignment">Bytes; every offset and length is a multiple.</param>
internal sealed class ArenaPlanner(int alignment)
{
    private readonly List<Block> _blocks = [];

    /// <summary>Size of the arena in bytes; known after <see cref="Place"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a block.</summary>
    /// <param name="bytes">Its length.</param>
    /// <param name="first">The first step of its lifetime.</param>
    /// <param name="last">The last step.</param>
    /// <returns>Its index, for <see cref="Place"/>'s result.</returns>
    public int Add(long bytes, int first, int last)
    {
        _blocks.Add(new Block(_blocks.Count, (bytes + alignment - 1) / alignment * alignment, first, last));
        return _blocks.Count - 1;
    }

    /// <summary>Places all blocks.</summary>
    /// <returns>The offset of each in bytes, by its index.</returns>
    public long[] Place()
    {
        long[] offsets = new long[_blocks.Count];
        var placed = new List<Block>();
        foreach (Block block in _blocks.OrderByDescending(block => block.Bytes).ThenBy(block => block.First).ThenBy(block => block.Number))
        {
            long start = 0;
            foreach (Block other in placed.Where(other => other.First <= block.Last && block.First <= other.Last).OrderBy(other => offsets[other.Number]))
            {
                if (start + block.Bytes <= offsets[other.Number]) break;
                start = Math.Max(start, offsets[other.Number] + other.Bytes);
            }

            placed.Add(block);
            offsets[block.Number] = start;
            Bytes = Math.Max(Bytes, start + block.Bytes);
        }

        return offsets;
    }

    private readonly record struct Block(int Number, long Bytes, int First, int Last);
}
