using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>
/// Who wrote and who read each grain of a block's shared memory last. A write is 20 bits of the block's clock, a flag for atomics and their
/// kind, a flag for a copy still under way, and ten bits of the thread; zero means never written. A read has the clock, a flag for several
/// lanes of the warp, and the thread in its lower half, and a bit for each warp in its upper half.
/// </summary>
internal sealed unsafe class SharedShadow : IDisposable
{
    public const uint Pending = 1u << 10;
    public const uint Strong = 1u << 11;
    public const uint SeveralLanes = 1u << 10;
    public const uint ThreadMask = 0x3FF;
    public const int StampShift = 12;

    /// <summary>Younger than any clock: a copy that nobody has waited for.</summary>
    public const uint NeverPast = (0xF_FFFFu << StampShift) | Pending;

    public SharedShadow(int bytes, int grain)
    {
        Grain = grain;
        Grains = (bytes / grain) + 64;
        Reads = (ulong*)NativeMemory.AlignedAlloc((nuint)Grains * 12, 64);
        Writes = (uint*)(Reads + Grains);
        Clear();
    }

    public int Grain { get; }

    public int Grains { get; }

    public uint* Writes { get; private set; }

    public ulong* Reads { get; private set; }

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
        Reads = null;
        Writes = null;
    }
}
