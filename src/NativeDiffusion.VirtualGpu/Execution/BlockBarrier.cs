namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The state of one of a block's sixteen barriers.</summary>
internal sealed class BlockBarrier
{
    /// <summary>Expected threads; -1 for all of the block that still run.</summary>
    public int Expected { get; set; } = -1;

    /// <summary>Arrived threads, in whole warps for aligned instructions.</summary>
    public int Arrived { get; set; }

    /// <summary>The waiting lanes of each warp.</summary>
    public uint[] WaitingLanes { get; } = new uint[32];

    public List<(Warp Warp, Fragment Fragment)> Waiting { get; } = [];

    /// <summary>What the arrived warps have observed of each other.</summary>
    public uint[] Gathered { get; } = new uint[32];

    /// <summary>What they have observed of other blocks; null for nothing.</summary>
    public Dictionary<ulong, uint[]>? GatheredOrder { get; set; }

    /// <summary>Threads whose predicate was true, for bar.red.</summary>
    public int TrueCount { get; set; }

    public int ReducedCount { get; set; }

    public bool IsInUse => Arrived > 0;

    /// <summary>Recorded times belong to a clock that was restarted.</summary>
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
