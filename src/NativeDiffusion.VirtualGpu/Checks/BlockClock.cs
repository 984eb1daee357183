namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>
/// Happened-before order inside a block: a clock that every synchronisation advances, and for each warp (and, where lanes synchronise in part, for
/// each lane) the time up to which it has observed the others. A compact vector clock (Mattern 1989): after a barrier of all threads
/// everything older is ordered before every thread.
/// </summary>
internal sealed class BlockClock
{
    private const int Warps = 32;

    /// <summary>Access records carry 20 bits of the clock; half of the range is left for the barrier at which all records are aged.</summary>
    private const uint Limit = 1u << 19;
    private const uint Last = (1u << 20) - 2;

    private readonly uint[] _known = new uint[Warps * Warps];
    private readonly uint[] _warpSync = new uint[Warps];
    private readonly uint[] _lastSync = new uint[Warps];
    private readonly uint[]?[] _lanes = new uint[Warps][];
    private bool _hasNamed;

    /// <summary>The stamp of accesses made now; it starts at 1.</summary>
    public uint Now { get; private set; } = 1;

    /// <summary>Accesses with a lower stamp are ordered before every thread of the block.</summary>
    public uint Barrier { get; private set; }

    public void Reset()
    {
        Now = 1;
        Barrier = 0;
        Array.Clear(_warpSync);
        Array.Clear(_lastSync);
        Array.Clear(_lanes);
        if (_hasNamed) Array.Clear(_known);
        _hasNamed = false;
    }

    /// <summary>Advances the clock, so that accesses before and after can be distinguished.</summary>
    public uint Advance() => Now = Math.Min(Now + 1, Last);

    /// <summary>A barrier of all threads of the block.</summary>
    public void MeetAll() => Barrier = Advance();

    /// <summary>True when the clock must be restarted.</summary>
    public bool IsSpent => Now >= Limit;

    /// <summary>Resets every stamp to 1, ordered before everything; owners of stored stamps must do the same.</summary>
    public void Renew()
    {
        Reset();
        Now = 2;
        Barrier = 2;
    }

    /// <summary>A warp arrives at a barrier with a thread count and contributes what it has observed, itself included.</summary>
    public void Arrive(int warp, Span<uint> gathered)
    {
        _hasNamed = true;
        ReadOnlySpan<uint> known = _known.AsSpan(warp * Warps, Warps);
        for (int i = 0; i < Warps; i++) gathered[i] = Math.Max(gathered[i], known[i]);
        gathered[warp] = Advance();
    }

    /// <summary>A warp leaves such a barrier and has observed what the others contributed.</summary>
    public void Leave(int warp, ReadOnlySpan<uint> gathered)
    {
        _hasNamed = true;
        Span<uint> known = _known.AsSpan(warp * Warps, Warps);
        for (int i = 0; i < Warps; i++) known[i] = Math.Max(known[i], gathered[i]);
    }

    /// <summary>Lanes of a warp have synchronised (bar.warp.sync).</summary>
    public void MeetLanes(int warp, uint mask, uint existing)
    {
        uint time = Advance();
        _lastSync[warp] = time;
        if ((existing & ~mask) == 0)
        {
            _warpSync[warp] = time;
            _lanes[warp] = null;
            return;
        }
        uint[] lanes = _lanes[warp] ??= new uint[32 * 32];
        Span<uint> joined = stackalloc uint[32];
        for (int lane = 0; lane < 32; lane++)
        {
            if ((mask >> lane & 1) == 0) continue;
            for (int other = 0; other < 32; other++) joined[other] = Math.Max(joined[other], lanes[(lane * 32) + other]);
        }
        for (int lane = 0; lane < 32; lane++)
            if ((mask >> lane & 1) != 0) joined[lane] = time;
        for (int lane = 0; lane < 32; lane++)
            if ((mask >> lane & 1) != 0) joined.CopyTo(lanes.AsSpan(lane * 32, 32));
    }

    /// <summary>True if an access of a thread at that time happened before another thread's present.</summary>
    public bool IsPast(int thread, uint stamp, int observer)
    {
        if (stamp < Barrier || thread == observer) return true;
        int warp = thread >> 5, own = observer >> 5;
        if (warp != own) return stamp < _known[(own * Warps) + warp];
        if (stamp < _warpSync[warp]) return true;
        return _lanes[warp] is { } lanes && stamp < lanes[((observer & 31) * 32) + (thread & 31)];
    }

    /// <summary>True if accesses of any lanes of a warp at that time happened before a thread's present.</summary>
    public bool IsWarpPast(int warp, uint stamp, int observer)
    {
        if (stamp < Barrier) return true;
        int own = observer >> 5;
        return warp != own ? stamp < _known[(own * Warps) + warp] : stamp < _warpSync[warp];
    }

    /// <summary>The time of the last synchronisation of a warp's lanes, full or partial.</summary>
    public uint LastSync(int warp) => _lastSync[warp];

    /// <summary>Accesses of another warp before this time happened before a warp's present.</summary>
    public uint KnownOf(int warp, int other) => Math.Max(Barrier, _known[(warp * Warps) + other]);
}
