namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>
/// What happened before what, inside a block: a clock that every synchronisation advances, and for each warp (and where lanes sync in part, for
/// each lane) up to when it has seen the others. A vector clock in the sense of Mattern 1989, kept short: after a barrier of all threads
/// everything older is in the past for everyone.
/// </summary>
internal sealed class BlockClock
{
    private const int Warps = 32;

    /// <summary>Accesses carry 20 bits of the clock; half of them are left to the turn in which everything remembered must be made old.</summary>
    private const uint Limit = 1u << 19;
    private const uint Last = (1u << 20) - 2;

    private readonly uint[] _known = new uint[Warps * Warps];
    private readonly uint[] _warpSync = new uint[Warps];
    private readonly uint[] _lastSync = new uint[Warps];
    private readonly uint[]?[] _lanes = new uint[Warps][];
    private bool _hasNamed;

    /// <summary>Accesses now are stamped with this; it starts at 1.</summary>
    public uint Now { get; private set; } = 1;

    /// <summary>Whatever is stamped lower than this is in the past of every thread of the block.</summary>
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

    /// <summary>Time goes on: what was done before and what is done after can be told apart.</summary>
    public uint Advance() => Now = Math.Min(Now + 1, Last);

    /// <summary>All threads of the block have met.</summary>
    public void MeetAll() => Barrier = Advance();

    /// <summary>True when it is time to begin anew.</summary>
    public bool IsSpent => Now >= Limit;

    /// <summary>Every stamp so far becomes 1 and lies in the past; whoever remembers stamps must do the same.</summary>
    public void Renew()
    {
        Reset();
        Now = 2;
        Barrier = 2;
    }

    /// <summary>A warp joins what a barrier with a count gathers: what it has seen, and itself.</summary>
    public void Arrive(int warp, Span<uint> gathered)
    {
        _hasNamed = true;
        ReadOnlySpan<uint> known = _known.AsSpan(warp * Warps, Warps);
        for (int i = 0; i < Warps; i++) gathered[i] = Math.Max(gathered[i], known[i]);
        gathered[warp] = Advance();
    }

    /// <summary>A warp leaves such a barrier and has seen what the others brought.</summary>
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

    /// <summary>True if an access of a thread at that time is in the past of another thread now.</summary>
    public bool IsPast(int thread, uint stamp, int observer)
    {
        if (stamp < Barrier || thread == observer) return true;
        int warp = thread >> 5, own = observer >> 5;
        if (warp != own) return stamp < _known[(own * Warps) + warp];
        if (stamp < _warpSync[warp]) return true;
        return _lanes[warp] is { } lanes && stamp < lanes[((observer & 31) * 32) + (thread & 31)];
    }

    /// <summary>True if accesses of any lanes of a warp at that time are in the past of a thread now.</summary>
    public bool IsWarpPast(int warp, uint stamp, int observer)
    {
        if (stamp < Barrier) return true;
        int own = observer >> 5;
        return warp != own ? stamp < _known[(own * Warps) + warp] : stamp < _warpSync[warp];
    }

    /// <summary>When lanes of a warp last synced, all of them or some.</summary>
    public uint LastSync(int warp) => _lastSync[warp];

    /// <summary>Whatever another warp did before this is in the past of a warp.</summary>
    public uint KnownOf(int warp, int other) => Math.Max(Barrier, _known[(warp * Warps) + other]);
}
