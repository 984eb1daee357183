namespace NativeDiffusion.Text;

/// <summary>
/// Byte-pair encoding of one word (Sennrich et al. 2016, arXiv:1508.07909): the pair with the earliest learned merge is merged first,
/// the leftmost of equals; a queue over a linked list makes a word of n bytes cost n log n.
/// </summary>
internal sealed class BytePairMerges
{
    private readonly Dictionary<long, (int Rank, int Merged)> _merges;
    private int _added;

    /// <summary>Creates an empty table.</summary>
    /// <param name="capacity">The expected number of merges.</param>
    public BytePairMerges(int capacity) => _merges = new Dictionary<long, (int Rank, int Merged)>(capacity);

    /// <summary>Adds the next merge in the order in which they were learned; the last of equal ones counts.</summary>
    /// <param name="left">A token's id.</param>
    /// <param name="right">The id of the one after it.</param>
    /// <param name="merged">The id of the joined token.</param>
    public void Add(int left, int right, int merged) => _merges[Pair(left, right)] = (_added++, merged);

    /// <summary>Merges the symbols of one word and returns the ids that remain.</summary>
    public int[] Merge(int[] symbols)
    {
        int count = symbols.Length;
        if (count < 2) return symbols;
        var next = new int[count];
        var previous = new int[count];
        var queue = new PriorityQueue<(int Left, int Right, int At), (int Rank, int At)>(count);
        for (int i = 0; i < count; i++)
        {
            next[i] = i + 1 < count ? i + 1 : -1;
            previous[i] = i - 1;
        }
        for (int i = 0; i + 1 < count; i++)
            Enqueue(queue, symbols, i, i + 1);

        int remaining = count;
        while (queue.TryDequeue(out (int Left, int Right, int At) pair, out _))
        {
            int at = pair.At;
            int right = next[at];
            // The pair may be gone since it was queued: either half was merged with another.
            if (symbols[at] != pair.Left || right < 0 || symbols[right] != pair.Right) continue;
            symbols[at] = _merges[Pair(pair.Left, pair.Right)].Merged;
            symbols[right] = -1;
            next[at] = next[right];
            if (next[at] >= 0) previous[next[at]] = at;
            remaining--;
            if (previous[at] >= 0) Enqueue(queue, symbols, previous[at], at);
            if (next[at] >= 0) Enqueue(queue, symbols, at, next[at]);
        }

        var result = new int[remaining];
        int length = 0;
        for (int i = 0; i >= 0; i = next[i])
            result[length++] = symbols[i];
        return result;
    }

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    private void Enqueue(PriorityQueue<(int Left, int Right, int At), (int Rank, int At)> queue, int[] symbols, int left, int right)
    {
        if (_merges.TryGetValue(Pair(symbols[left], symbols[right]), out (int Rank, int Merged) merge))
            queue.Enqueue((symbols[left], symbols[right], left), (merge.Rank, left));
    }
}
