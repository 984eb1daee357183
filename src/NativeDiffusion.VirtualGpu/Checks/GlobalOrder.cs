namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>
/// What the warps of a block have observed of other blocks' writes: a fence followed by a flag write publishes what the fence covered, a flag
/// read followed by a fence acquires it, and barriers pass it on to the threads that take part. Without both fences nothing is ordered.
/// </summary>
internal sealed class GlobalOrder
{
    private const int Warps = 32;
    private readonly uint[] _fence = new uint[Warps];
    private readonly uint[] _covered = new uint[Warps * Warps];
    private readonly List<IReadOnlyDictionary<ulong, uint[]>>?[] _observed = new List<IReadOnlyDictionary<ulong, uint[]>>?[Warps];
    private readonly Dictionary<ulong, uint[]>?[] _own = new Dictionary<ulong, uint[]>?[Warps];
    private Dictionary<ulong, uint[]>? _common;
    private bool _isUsed;
    private bool _isRenewed;

    public void Reset()
    {
        if (!_isUsed) return;
        Array.Clear(_fence);
        Array.Clear(_covered);
        Array.Clear(_observed);
        Array.Clear(_own);
        _common = null;
        _isUsed = false;
        _isRenewed = false;
    }

    /// <summary>Restarts the block's clock. Writes keep their old stamps, so from now on every fence covers all of them.</summary>
    public void Renew()
    {
        _isRenewed = _isUsed = true;
        Array.Clear(_covered);
        for (int i = 0; i < Warps; i++) _fence[i] = Math.Min(_fence[i], 1);
    }

    /// <summary>The release half of a fence at gpu or sys scope: it covers what the warp did and what it has observed of the block.</summary>
    public void Cover(int warp, BlockClock time)
    {
        _isUsed = true;
        for (int other = 0; other < Warps; other++) _covered[(warp * Warps) + other] = time.KnownOf(warp, other);
        _covered[(warp * Warps) + warp] = _fence[warp] = time.Advance();
    }

    /// <summary>The acquire half: flags that the warp has read take effect from now on.</summary>
    public void TakeOver(int warp, ulong block, BlockClock time)
    {
        if (_observed[warp] is not { Count: > 0 } observed) return;
        foreach (IReadOnlyDictionary<ulong, uint[]> record in observed)
        {
            Join(_own[warp] ??= [], record);
            // A flag of the block's own warps also orders their shared memory.
            if (record.TryGetValue(block, out uint[]? seen)) time.Leave(warp, seen);
        }
        observed.Clear();
    }

    /// <summary>What a flag written now by the warp publishes.</summary>
    public Dictionary<ulong, uint[]> Release(int warp, ulong block, BlockClock time)
    {
        var covered = new uint[Warps];
        for (int other = 0; other < Warps; other++)
        {
            // A fence before their common barrier counts for the flag's writer, too.
            uint theirs = other == warp || _fence[other] < time.KnownOf(warp, other) ? _fence[other] : 0;
            covered[other] = _isRenewed && _fence[warp] > 0 ? uint.MaxValue : Math.Max(theirs, _covered[(warp * Warps) + other]);
        }
        Dictionary<ulong, uint[]> given = _common is null ? [] : new(_common);
        if (_own[warp] is { } own) Join(given, own);
        // Without a preceding fence a flag publishes nothing of its block, not even its reads.
        if (covered.AsSpan().ContainsAnyExcept(0u)) given[block] = covered;
        return given;
    }

    /// <summary>The warp has read a flag, which takes effect at its next fence.</summary>
    public void Observe(int warp, IReadOnlyDictionary<ulong, uint[]> record)
    {
        _isUsed = true;
        (_observed[warp] ??= []).Add(record);
    }

    /// <summary>A barrier of all threads of the block: they share what each has observed.</summary>
    public void MeetAll()
    {
        if (!_isUsed) return;
        for (int warp = 0; warp < Warps; warp++)
        {
            if (_own[warp] is { } own) Join(_common ??= [], own);
            _own[warp] = null;
        }
    }

    /// <summary>A warp contributes what it has observed to a barrier with a thread count; null for nothing.</summary>
    public Dictionary<ulong, uint[]>? Arrive(int warp, Dictionary<ulong, uint[]>? gathered)
    {
        if (_own[warp] is { } own) Join(gathered ??= [], own);
        return gathered;
    }

    /// <summary>A warp leaves such a barrier with what the others contributed.</summary>
    public void Leave(int warp, IReadOnlyDictionary<ulong, uint[]>? gathered)
    {
        if (gathered is not null) Join(_own[warp] ??= [], gathered);
    }

    /// <summary>True if the write of a block's warp at that time happened before a warp's present.</summary>
    public bool Knows(int observer, ulong block, int warp, uint stamp) =>
        (_common is not null && _common.TryGetValue(block, out uint[]? covered) && stamp < covered[warp])
        || (_own[observer] is { } own && own.TryGetValue(block, out covered) && stamp < covered[warp]);

    /// <summary>True if a warp has observed anything of the block, or of any block if none is given.</summary>
    public bool KnowsAny(int observer, ulong? block) => KnowsAny(_common, block) || KnowsAny(_own[observer], block);

    public static void Join(Dictionary<ulong, uint[]> into, IReadOnlyDictionary<ulong, uint[]> from)
    {
        foreach ((ulong block, uint[] covered) in from)
        {
            if (!into.TryGetValue(block, out uint[]? own))
            {
                into.Add(block, covered);
                continue;
            }
            var joined = new uint[Warps];
            for (int i = 0; i < Warps; i++) joined[i] = Math.Max(own[i], covered[i]);
            into[block] = joined;
        }
    }

    private static bool KnowsAny(Dictionary<ulong, uint[]>? known, ulong? block) =>
        known is not null && (block is null ? known.Count > 0 : known.ContainsKey(block.Value));
}
