namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>One of a block's sixteen barriers, as it stands.</summary>
internal sealed class BlockBarrier
{
    /// <summary>Threads that must come; -1 for all of the block that still run.</summary>
    public int Expected { get; set; } = -1;

    /// <summary>Threads that came, in whole warps where the instruction is an aligned one.</summary>
    public int Arrived { get; set; }

    /// <summary>Lanes of each warp that wait.</summary>
    public uint[] WaitingLanes { get; } = new uint[32];

    public List<(Warp Warp, Fragment Fragment)> Waiting { get; } = [];

    /// <summary>What those who came have seen of each other.</summary>
    public uint[] Gathered { get; } = new uint[32];

    /// <summary>What they have seen of other blocks; null for nothing.</summary>
    public Dictionary<ulong, uint[]>? GatheredOrder { get; set; }

    /// <summary>Threads whose predicate was true, for bar.red.</summary>
    public int TrueCount { get; set; }

    public int ReducedCount { get; set; }

    public bool IsInUse => Arrived > 0;

    /// <summary>Times that were gathered are of a clock that has begun anew.</summary>
    public void Forget() => Array.Clear(Gathered);

    public void Reset()
    {
        Expected = -1;
        Arrived = 0;
        TrueCount = 0;
        ReducedCount = 0;
        Waiting.Clear();
        Array.Clear(WaitingLanes);
        Array.Clear(Gathered);
        GatheredOrder = null;
    }
}
