using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>
/// The addresses of one memory instruction relative to the first lane's: extent, contiguous ranges, sectors, bank
/// conflicts. Instructions in loops repeat their pattern with another base, so it is computed once and recognised.
/// </summary>
internal sealed unsafe class AccessPattern : IDisposable
{
    public const int SectorBytes = 32;
    private readonly ulong* _deltas = (ulong*)NativeMemory.AlignedAlloc(32 * sizeof(ulong), 64);
    private readonly (long Start, int Length, int FirstLane)[] _runs = new (long, int, int)[32];
    private uint _mask;
    private int _phase;
    private int _width;

    /// <summary>Address of each lane minus the first active lane's; zero for lanes that do not take part.</summary>
    public ulong* Deltas => _deltas;

    /// <summary>Least delta.</summary>
    public long Lowest { get; private set; }

    /// <summary>Greatest delta plus the access's width.</summary>
    public long End { get; private set; }

    /// <summary>True if each lane's address is a multiple of the width.</summary>
    public bool IsAligned { get; private set; }

    /// <summary>True if all 32 lanes are active and contiguous in order.</summary>
    public bool IsRow { get; private set; }

    /// <summary>Contiguous ranges of consecutive lanes; ranges may overlap where lanes go back.</summary>
    public ReadOnlySpan<(long Start, int Length, int FirstLane)> Runs => _runs.AsSpan(0, RunCount);

    public int RunCount { get; private set; }

    /// <summary>32-byte sectors touched by the request, and the minimum for its distinct bytes.</summary>
    public int Sectors { get; private set; }

    public int SectorsNeeded { get; private set; }

    /// <summary>Shared-memory wavefronts of the request, and the minimum for its distinct words; -1 until computed.</summary>
    public int Wavefronts { get; private set; }

    public int WavefrontsNeeded { get; private set; }

    /// <summary>True if it describes these addresses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Matches(ulong* addresses, ulong first, uint mask, int width)
    {
        if (mask != _mask || width != _width || (int)(first & 127) != _phase) return false;
        var origin = Vector512.Create(first);
        Vector512<ulong> difference = Vector512<ulong>.Zero;
        if (mask == uint.MaxValue)
        {
            for (int part = 0; part < 4; part++)
                difference |= (Vector512.Load(addresses + (8 * part)) - origin) ^ Vector512.Load(_deltas + (8 * part));
            return difference == Vector512<ulong>.Zero;
        }
        for (int part = 0; part < 4; part++)
        {
            Vector512<ulong> delta = (Vector512.Load(addresses + (8 * part)) - origin) & Lanes.LaneMask.Of64(mask, part);
            difference |= delta ^ Vector512.Load(_deltas + (8 * part));
        }
        return difference == Vector512<ulong>.Zero;
    }

    /// <summary>Computes everything but the shared-memory wavefronts.</summary>
    public void Build(ulong* addresses, ulong first, uint mask, int width)
    {
        (_mask, _phase, _width) = (mask, (int)(first & 127), width);
        long lowest = 0, end = width;
        ulong misaligned = 0;
        bool isRow = mask == uint.MaxValue;
        int runs = 0;
        for (int lane = 0; lane < 32; lane++)
        {
            if ((mask >> lane & 1) == 0)
            {
                _deltas[lane] = 0;
                continue;
            }
            ulong delta = addresses[lane] - first;
            _deltas[lane] = delta;
            long at = (long)delta;
            misaligned |= addresses[lane];
            lowest = Math.Min(lowest, at);
            end = Math.Max(end, at + width);
            isRow &= at == (long)lane * width;
            // Lane after lane, so that a position in a range identifies its lane.
            if (runs > 0 && at == _runs[runs - 1].Start + _runs[runs - 1].Length && lane == _runs[runs - 1].FirstLane + (_runs[runs - 1].Length / width))
                _runs[runs - 1].Length += width;
            else if (runs == 0 || at < _runs[runs - 1].Start || at + width > _runs[runs - 1].Start + _runs[runs - 1].Length)
                _runs[runs++] = (at, width, lane);
        }
        (Lowest, End, IsRow, RunCount) = (lowest, end, isRow, runs);
        IsAligned = (misaligned & (ulong)(width - 1)) == 0;
        Wavefronts = -1;
        CountSectors();
    }

    private void CountSectors()
    {
        // Sorted starts; the few runs make that cheap.
        Span<(long Start, long End)> sorted = stackalloc (long, long)[32];
        for (int i = 0; i < RunCount; i++)
        {
            (long start, int length, _) = _runs[i];
            int k = i;
            for (; k > 0 && sorted[k - 1].Start > start; k--) sorted[k] = sorted[k - 1];
            sorted[k] = (start, start + length);
        }
        int sectors = 0;
        long bytes = 0, lastSector = long.MinValue, lastByte = long.MinValue;
        for (int i = 0; i < RunCount; i++)
        {
            (long start, long end) = sorted[i];
            long from = (start + _phase) >> 5, to = (end - 1 + _phase) >> 5;
            if (to > lastSector)
            {
                sectors += (int)(to - Math.Max(from, lastSector + 1) + 1);
                lastSector = to;
            }
            if (end > lastByte)
            {
                bytes += end - Math.Max(start, lastByte);
                lastByte = end;
            }
        }
        Sectors = sectors;
        SectorsNeeded = (int)((bytes + SectorBytes - 1) / SectorBytes);
        DistinctBytes = bytes;
    }

    /// <summary>Distinct bytes.</summary>
    public long DistinctBytes { get; private set; }

    /// <summary>
    /// Computes the shared-memory wavefronts: 32 banks of four bytes; 8-byte accesses go by half warps and 16-byte accesses by quarters; lanes that
    /// access the same word share it.
    /// </summary>
    public void CountWavefronts()
    {
        if (Wavefronts >= 0) return;
        int lanesEach = _width switch { 16 => 8, 8 => 16, _ => 32 }, wordsEach = Math.Max(1, _width / 4);
        Span<int> depth = stackalloc int[32];
        Span<long> words = stackalloc long[128];
        int passes = 0, needed = 0;
        for (int group = 0; group < 32; group += lanesEach)
        {
            depth.Clear();
            int count = 0, most = 0;
            for (int lane = group; lane < group + lanesEach; lane++)
            {
                if ((_mask >> lane & 1) == 0) continue;
                long word = ((long)_deltas[lane] + _phase) >> 2;
                for (int k = 0; k < wordsEach; k++)
                {
                    if (words[..count].Contains(word + k)) continue;
                    words[count++] = word + k;
                    most = Math.Max(most, ++depth[(int)((word + k) & 31)]);
                }
            }
            passes += most;
            needed += (count + 31) / 32;
        }
        (Wavefronts, WavefrontsNeeded) = (passes, needed);
    }

    public void Dispose() => NativeMemory.AlignedFree(_deltas);
}
