namespace NativeDiffusion.VirtualGpu.Checks;

/// <summary>
/// Synchronisation between warps of a block by flags in shared memory: a fence followed by a flag write publishes what the fence covered,
/// a flag read followed by a fence acquires it.
/// </summary>
internal sealed class SharedOrder
{
    private const int Warps = 32;
    private readonly uint[]?[] _fenced = new uint[Warps][];
    private readonly List<uint[]>?[] _observed = new List<uint[]>?[Warps];
    private readonly Dictionary<ulong, uint[]> _flags = [];

    /// <summary>Clears everything: a new block or a restarted clock.</summary>
    public void Reset()
    {
        Array.Clear(_fenced);
        Array.Clear(_observed);
        _flags.Clear();
    }

    /// <summary>The release half of a fence of any scope.</summary>
    public void Cover(int warp, BlockClock time)
    {
        var covered = new uint[Warps];
        for (int other = 0; other < Warps; other++) covered[other] = time.KnownOf(warp, other);
        covered[warp] = time.Advance();
        _fenced[warp] = covered;
    }

    /// <summary>The acquire half: flags that the warp has read take effect from now on.</summary>
    public void TakeOver(int warp, BlockClock time)
    {
        if (_observed[warp] is not { Count: > 0 } observed) return;
        foreach (uint[] given in observed) time.Leave(warp, given);
        observed.Clear();
    }

    /// <summary>A warp writes a flag; an atomic update keeps what others published.</summary>
    public void Publish(int warp, ulong address, bool isUpdate)
    {
        _flags.TryGetValue(address, out uint[]? old);
        uint[]? given = _fenced[warp];
        if (isUpdate && old is not null)
        {
            if (given is null) return;
            given = [.. given.Zip(old, Math.Max)];
        }
        if (given is null) _flags.Remove(address);
        else _flags[address] = given;
    }

    /// <summary>A warp has read a flag, which takes effect at its next fence.</summary>
    public void Observe(int warp, ulong address)
    {
        if (_flags.TryGetValue(address, out uint[]? given)) (_observed[warp] ??= []).Add(given);
    }
}
