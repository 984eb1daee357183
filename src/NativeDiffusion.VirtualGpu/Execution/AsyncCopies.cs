using System.Numerics;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>
/// The cp.async copies of a warp in flight. Nothing arrives before a lane waits for it, which is as late as hardware may
/// deliver it; until then the bytes are marked as in flight and hold a pattern.
/// </summary>
internal sealed unsafe class AsyncCopies(Warp warp)
{
    private readonly List<Entry> _entries = [];
    private readonly Stack<Entry> _free = [];
    private readonly int[] _groups = new int[32];
    private Entry? _current;

    /// <summary>Begins the copies of an instruction of a number of bytes per lane.</summary>
    public void Begin(int bytes)
    {
        _current = _free.TryPop(out Entry? entry) ? entry : new Entry();
        _current.Bytes = bytes;
        _current.Lanes = 0;
        Array.Clear(_current.Valid);
    }

    /// <summary>The destinations of the lanes' copies; marks the bytes as in flight.</summary>
    public void SetTargets(uint lanes, ulong first, ulong* deltas)
    {
        Entry entry = _current!;
        entry.Lanes = lanes;
        SharedShadow? shadow = warp.Block.Shadow;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            int target = (int)(first + deltas[lane]);
            entry.Targets[lane] = target;
            Obscure(warp.Block.Shared + target, entry.Bytes);
            if (shadow is not null) Mark(shadow, target, entry.Bytes, SharedShadow.NeverPast | (uint)(warp.FirstThread + lane));
        }
    }

    /// <summary>The sources of the lanes' copies, and the bytes to read; the rest becomes zero.</summary>
    public void SetSource(int lane, byte* source, int bytes)
    {
        _current!.Sources[lane] = (nint)source;
        _current.Valid[lane] = bytes;
    }

    /// <summary>The instruction is complete: its copies belong to the group that each lane commits next.</summary>
    public void End()
    {
        Entry entry = _current!;
        if (entry.Lanes == 0)
        {
            _free.Push(entry);
            return;
        }
        _groups.CopyTo(entry.Groups, 0);
        _entries.Add(entry);
    }

    /// <summary>cp.async.commit_group.</summary>
    public void Commit(uint lanes)
    {
        for (; lanes != 0; lanes &= lanes - 1) _groups[BitOperations.TrailingZeroCount(lanes)]++;
    }

    /// <summary>cp.async.wait_group: all but the newest groups arrive.</summary>
    public void Wait(uint lanes, int newest)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            Entry entry = _entries[i];
            uint done = entry.Lanes & lanes & (uint)(Older(entry, 0, newest) | (Older(entry, 16, newest) << 16));
            if (done != 0) Arrive(entry, done);
        }
        Collect();
    }

    /// <summary>cp.async.wait_all: everything arrives, committed or not.</summary>
    public void WaitAll(uint lanes)
    {
        Commit(lanes);
        Wait(lanes, 0);
    }

    /// <summary>Lanes exit with copies in flight, which complete without effect on checks.</summary>
    public void Abandon(uint lanes)
    {
        if (_entries.Count > 0) WaitAll(lanes);
    }

    public void Clear()
    {
        foreach (Entry entry in _entries) _free.Push(entry);
        _entries.Clear();
        Array.Clear(_groups);
    }

    /// <summary>Which of sixteen lanes' copies belong to groups before their newest.</summary>
    private ulong Older(Entry entry, int lane, int newest) =>
        Vector512.LessThan(
            Vector512.LoadUnsafe(ref entry.Groups[lane]), Vector512.LoadUnsafe(ref _groups[lane]) - Vector512.Create(newest)).ExtractMostSignificantBits();

    /// <summary>Without checks, an early read must not see the old value.</summary>
    private static void Obscure(byte* target, int bytes)
    {
        if (bytes == 16) Vector128.Create((byte)0xCD).Store(target);
        else if (bytes == 8) *(ulong*)target = 0xCDCD_CDCD_CDCD_CDCD;
        else *(uint*)target = 0xCDCD_CDCD;
    }

    private void Collect()
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Lanes != 0) continue;
            _free.Push(_entries[i]);
            _entries.RemoveAt(i);
        }
    }

    private void Arrive(Entry entry, uint lanes)
    {
        SharedShadow? shadow = warp.Block.Shadow;
        uint stamp = warp.Block.Time.Now << SharedShadow.StampShift;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            byte* target = warp.Block.Shared + entry.Targets[lane];
            int valid = entry.Valid[lane];
            if (valid == 16 && entry.Bytes == 16) *(UInt128*)target = *(UInt128*)entry.Sources[lane];
            else
            {
                Buffer.MemoryCopy((void*)entry.Sources[lane], target, entry.Bytes, valid);
                new Span<byte>(target + valid, entry.Bytes - valid).Clear();
            }
            if (shadow is not null) Mark(shadow, entry.Targets[lane], entry.Bytes, stamp | (uint)(warp.FirstThread + lane));
        }
        entry.Lanes &= ~lanes;
    }

    private static void Mark(SharedShadow shadow, int target, int bytes, uint record)
    {
        // Copies are aligned, and no grain is wider than the narrowest of them.
        uint* writes = shadow.Writes + (target / shadow.Grain);
        for (int grains = bytes / shadow.Grain; grains > 0; grains--) *writes++ = record;
    }

    /// <summary>The copies of one instruction.</summary>
    private sealed class Entry
    {
        public uint Lanes { get; set; }

        public int Bytes { get; set; }

        public int[] Targets { get; } = new int[32];

        public nint[] Sources { get; } = new nint[32];

        public int[] Valid { get; } = new int[32];

        public int[] Groups { get; } = new int[32];
    }
}
