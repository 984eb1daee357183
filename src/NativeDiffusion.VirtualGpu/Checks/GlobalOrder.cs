namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>
/// What a block knows of the other blocks' writes: whoever fences and then sets a flag gives on what the fence covered, whoever reads the
/// flag and then fences takes it over. Without both fences nothing is known.
/// </summary>
internal sealed class GlobalOrder
{
    private readonly uint[] _fence = new uint[32];
    private readonly uint[] _barrierBeforeFence = new uint[32];
    private readonly List<IReadOnlyDictionary<ulong, uint[]>>?[] _observed = new List<IReadOnlyDictionary<ulong, uint[]>>?[32];
    private Dictionary<ulong, uint[]>? _known;

    public void Reset()
    {
        Array.Clear(_fence);
        Array.Clear(_barrierBeforeFence);
        Array.Clear(_observed);
        _known = null;
    }

    /// <summary>A warp executes a fence that other blocks can see.</summary>
    public void Fence(int warp, BlockClock time)
    {
        _fence[warp] = time.Advance();
        _barrierBeforeFence[warp] = time.Barrier;
        if (_observed[warp] is not { Count: > 0 } observed) return;
        foreach (IReadOnlyDictionary<ulong, uint[]> record in observed) Join(_known ??= [], record);
        observed.Clear();
    }

    /// <summary>What a flag written now by the warp gives on.</summary>
    public Dictionary<ulong, uint[]> Release(int warp, ulong block, BlockClock time)
    {
        var covered = new uint[32];
        for (int other = 0; other < 32; other++)
        {
            uint own = other == warp || _fence[other] < time.Barrier ? _fence[other] : 0;
            covered[other] = Math.Max(own, _fence[warp] > 0 ? _barrierBeforeFence[warp] : 0);
        }
        Dictionary<ulong, uint[]> given = _known is null ? [] : new(_known);
        given[block] = covered;
        return given;
    }

    /// <summary>The warp has read a flag; a fence will make it count.</summary>
    public void Observe(int warp, IReadOnlyDictionary<ulong, uint[]> record) => (_observed[warp] ??= []).Add(record);

    /// <summary>True if the write of a block's warp at that time is in the past of this block.</summary>
    public bool Knows(ulong block, int warp, uint stamp) => _known is not null && _known.TryGetValue(block, out uint[]? covered) && stamp < covered[warp];

    /// <summary>True if anything of the block is known, or of any block where it is not said which.</summary>
    public bool KnowsAny(ulong? block) => _known is not null && (block is null || _known.ContainsKey(block.Value));

    public static void Join(Dictionary<ulong, uint[]> into, IReadOnlyDictionary<ulong, uint[]> from)
    {
        foreach ((ulong block, uint[] covered) in from)
        {
            if (!into.TryGetValue(block, out uint[]? own))
            {
                into.Add(block, covered);
                continue;
            }
            var joined = new uint[32];
            for (int i = 0; i < 32; i++) joined[i] = Math.Max(own[i], covered[i]);
            into[block] = joined;
        }
    }
}
