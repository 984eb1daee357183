using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>
/// The last write and the last reads of each grain of a block's shared memory. A write is 20 bits of the block's clock, a flag for atomics and
/// strong writes, a flag for a copy in flight, and ten bits of the thread; zero means never written. A read has the clock, a flag for
/// weak reads, a flag for several lanes of the warp, and the thread in its lower half, and a bit for each warp in its upper half.
/// </summary>
internal sealed unsafe class SharedShadow : IDisposable
{
    private readonly int _warps;

    public const uint Pending = 1u << 10;
    public const uint Strong = 1u << 11;
    public const uint SeveralLanes = 1u << 10;
    public const uint WeakRead = 1u << 11;
    public const uint ThreadMask = 0x3FF;
    public const int StampShift = 12;

    /// <summary>Later than any clock value: a copy in flight.</summary>
    public const uint NeverPast = (0xF_FFFFu << StampShift) | Pending;

    /// <param name="bytes">Bytes of shared memory, from address zero.</param>
    /// <param name="grain">Bytes of a grain.</param>
    /// <param name="warps">Warps whose readers are recorded separately; zero where barriers order all or whole warps only.</param>
    public SharedShadow(int bytes, int grain, int warps)
    {
        Grain = grain;
        _warps = warps;
        Grains = (bytes / grain) + 64;
        Reads = (ulong*)NativeMemory.AlignedAlloc((nuint)Grains * 12, 64);
        Writes = (uint*)(Reads + Grains);
        if (warps > 0) Readers = (ulong*)NativeMemory.AlignedAlloc((nuint)Grains * (nuint)warps * 8, 64);
        Clear();
    }

    public int Grain { get; }

    public int Grains { get; }

    public uint* Writes { get; private set; }

    public ulong* Reads { get; private set; }

    /// <summary>For each grain and warp, if recorded; see <see cref="ReadersOf"/>.</summary>
    public ulong* Readers { get; private set; }

    /// <summary>
    /// The lanes of a warp that have read a grain since it last synchronised, in the upper half, and the time of the latest in the lower; valid if
    /// <see cref="Reads"/> has the warp's bit.
    /// </summary>
    public ref ulong ReadersOf(int grain, int warp) => ref Readers[((long)grain * _warps) + warp];

    /// <summary>Clears everything: a new block begins.</summary>
    public void Clear() => NativeMemory.Clear(Reads, (nuint)Grains * 12);

    /// <summary>Sets every stamp to the oldest, keeps what is written and what is in flight.</summary>
    public void MakeOld()
    {
        for (int i = 0; i < Grains; i++)
            if (Writes[i] != 0 && (Writes[i] & NeverPast) != NeverPast) Writes[i] = (1u << StampShift) | (Writes[i] & ThreadMask);
        NativeMemory.Clear(Reads, (nuint)Grains * 8);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Reads);
        NativeMemory.AlignedFree(Readers);
        Readers = null;
        Reads = null;
        Writes = null;
    }
}
