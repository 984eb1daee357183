using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>
/// Who wrote and who read each grain of a block's shared memory last. A write is 20 bits of the block's clock, a flag for atomics and their
/// kind, a flag for a copy still under way, and ten bits of the thread; zero means never written. A read has the clock, a flag where any
/// was a weak one, a flag for several lanes of the warp, and the thread in its lower half, and a bit for each warp in its upper half.
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

    /// <summary>Younger than any clock: a copy that nobody has waited for.</summary>
    public const uint NeverPast = (0xF_FFFFu << StampShift) | Pending;

    /// <param name="bytes">Bytes of shared memory, from address zero.</param>
    /// <param name="grain">Bytes of a grain.</param>
    /// <param name="warps">Warps whose readers are to be remembered apart; zero where barriers order all or whole warps only.</param>
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

    /// <summary>For each grain and warp, where that is wanted; see <see cref="ReadersOf"/>.</summary>
    public ulong* Readers { get; private set; }

    /// <summary>
    /// A warp's lanes that have read a grain since it last synced, in the upper half, and when the latest did so in the lower; it counts where
    /// <see cref="Reads"/> has the warp's bit.
    /// </summary>
    public ref ulong ReadersOf(int grain, int warp) => ref Readers[((long)grain * _warps) + warp];

    /// <summary>Forgets everything: a new block begins.</summary>
    public void Clear() => NativeMemory.Clear(Reads, (nuint)Grains * 12);

    /// <summary>Gives everything the oldest stamp, keeps what was written and what is under way.</summary>
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
