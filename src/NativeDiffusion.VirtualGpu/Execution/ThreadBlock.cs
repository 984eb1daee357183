using System.Numerics;
using System.Runtime.InteropServices;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A running block of the grid: warps, shared memory, barriers. Reused for one block after the other.</summary>
internal sealed unsafe partial class ThreadBlock : IDisposable
{
    /// <summary>Basic blocks that a warp runs before others are scheduled.</summary>
    private const long Turn = 20_000;

    private readonly Warp[] _warps;
    private readonly WarpStatus[] _status;

    public ThreadBlock(Worker worker)
    {
        Worker = worker;
        _warps = new Warp[(Launch.BlockSize.Count + 31) / 32];
        _status = new WarpStatus[_warps.Length];
        for (int i = 0; i < _warps.Length; i++) _warps[i] = new Warp(this, i);
        Shared = (byte*)NativeMemory.AlignedAlloc((nuint)Launch.SharedEnd + 64, 64);
        if (Launch.Options.HasChecks) Shadow = new SharedShadow(Launch.SharedEnd, Launch.SharedGrain, Launch.Image.HasPartialOrder ? _warps.Length : 0);
    }

    public Worker Worker { get; }

    public KernelLaunch Launch => Worker.Launch;

    public IReadOnlyList<Warp> Warps => _warps;

    /// <summary>Shared memory, from address zero of its space.</summary>
    public byte* Shared { get; private set; }

    /// <summary>Null if checks are off.</summary>
    public SharedShadow? Shadow { get; }

    public BlockClock Time { get; } = new();

    public GlobalOrder Order { get; } = new();

    public SharedOrder SharedOrder { get; } = new();

    public ulong Number { get; private set; }

    public Dimensions Position { get; private set; }

    /// <summary>Begins a block of the grid.</summary>
    public void Start(ulong number)
    {
        Number = number;
        Position = Launch.GridSize.At(number);
        Time.Reset();
        Order.Reset();
        SharedOrder.Reset();
        Shadow?.Clear();
        // Uninitialized memory is not zero.
        new Span<byte>(Shared, Launch.SharedEnd).Fill(0xCB);
        foreach (BlockBarrier? barrier in _barriers) barrier?.Reset();
        for (int i = 0; i < _warps.Length; i++)
        {
            _warps[i].Start();
            _status[i] = WarpStatus.Yielded;
        }
    }

    /// <summary>Runs for a time slice; true once the block has ended.</summary>
    public bool Run()
    {
        while (!Launch.IsAborted)
        {
            bool isMoving = false, isWaiting = false;
            for (int k = 0; k < _warps.Length; k++)
            {
                int i = Launch.Options.IsAdversarial ? Worker.Random.Next(_warps.Length) : k;
                if (_status[i] is WarpStatus.Finished || (_status[i] is WarpStatus.Blocked && !_isReleased[i])) continue;
                _isReleased[i] = false;
                if (Time.IsSpent) Renew();
                long fuel = Launch.Options.IsAdversarial ? 1 + Worker.Random.Next(64) : Turn;
                _status[i] = _warps[i].Run(ref fuel);
                isMoving = true;
            }
            bool isFinished = true;
            for (int i = 0; i < _warps.Length; i++)
            {
                isFinished &= _status[i] is WarpStatus.Finished;
                isWaiting |= _status[i] is WarpStatus.Yielded || _isReleased[i];
            }
            if (isFinished) return true;
            if (!isMoving && !isWaiting)
            {
                ReportDeadlock();
                return true;
            }
            // Every warp had a long time slice and none ended: they may wait for another block.
            if (!Launch.Options.IsAdversarial && Launch.MayYield && IsSpinning()) return false;
            if (Launch.Options.IsAdversarial && Launch.MayYield && Worker.Random.Next(64) == 0) return false;
        }
        return true;
    }

    public void Dispose()
    {
        foreach (Warp warp in _warps) warp.Dispose();
        Shadow?.Dispose();
        NativeMemory.AlignedFree(Shared);
        Shared = null;
    }

    private bool IsSpinning()
    {
        for (int i = 0; i < _status.Length; i++)
            if (_status[i] is WarpStatus.Yielded) return true;
        return false;
    }

    private void ReportDeadlock()
    {
        foreach (Warp warp in _warps)
        {
            foreach ((uint lanes, PtxInstruction place) in warp.WaitingPlaces())
            {
                bool isWhole = lanes == warp.Live;
                FindingKind kind = isWhole ? FindingKind.Deadlock : place.Opcode is "bar" or "barrier"
                    && !place.Has("warp") ? FindingKind.DivergentBarrier : FindingKind.DivergentWarp;
                warp.Report(kind, place, lanes, isWhole
                    ? $"deadlock: waits at '{place}' while {Others(warp, place)}"
                    : $"divergent: waits at '{place}' for {BitOperations.PopCount(warp.Live & ~lanes)} lanes of the warp that wait elsewhere");
            }
        }
        Launch.Abort();
    }

    private string Others(Warp warp, PtxInstruction place)
    {
        foreach (Warp other in _warps)
        {
            if (other == warp || other.Live == 0) continue;
            foreach ((_, PtxInstruction elsewhere) in other.WaitingPlaces())
                if (elsewhere != place) return $"warp {other.Index} waits at '{elsewhere}' (PTX line {elsewhere.Line})";
        }
        int ended = _warps.Count(other => other.Live == 0);
        return ended > 0 ? $"{ended} of {_warps.Length} warps have exited" : "no other warp can reach it";
    }
}
