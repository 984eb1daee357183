using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The sixteen barriers of a block.</summary>
internal sealed unsafe partial class ThreadBlock
{
    private readonly BlockBarrier?[] _barriers = new BlockBarrier?[16];
    private readonly bool[] _isReleased = new bool[32];

    /// <summary>Lanes arrive at a barrier; true if they may continue at once.</summary>
    public bool Arrive(Warp warp, Fragment fragment, SynchronizationPoint point)
    {
        byte* registers = fragment.Frame.Registers;
        int lane = BitOperations.TrailingZeroCount(fragment.Mask);
        uint number = ((uint*)(registers + point.First))[lane];
        int expected = point.Count < 0 ? -1 : (int)((uint*)(registers + point.Count))[lane];
        if (number >= 16 || (expected >= 0 && (expected == 0 || expected % 32 != 0)))
        {
            warp.Report(FindingKind.DivergentBarrier, point.Source, fragment.Mask,
                number >= 16 ? $"invalid barrier {number}; expected 0 to 15" : $"invalid thread count {expected} of a barrier; expected a multiple of 32");
            Launch.Abort();
            return false;
        }
        BlockBarrier barrier = _barriers[number] ??= new BlockBarrier();
        if (barrier.IsInUse && barrier.Expected != expected)
        {
            warp.Report(FindingKind.DivergentBarrier, point.Source, fragment.Mask,
                $"arrives at barrier {number} with a count of {Name(expected)}; other warps arrived with {Name(barrier.Expected)}");
            Launch.Abort();
            return false;
        }
        barrier.Expected = expected;
        barrier.Arrived += point.IsAligned ? 32 : BitOperations.PopCount(fragment.Mask);
        Reduce(barrier, fragment, point);
        if (expected >= 0)
        {
            Time.Arrive(warp.Index, barrier.Gathered);
            barrier.GatheredOrder = Order.Arrive(warp.Index, barrier.GatheredOrder);
        }
        Worker.Memory.Barriers++;
        bool isWaiting = point.Kind == SynchronizationKind.Barrier;
        barrier.WaitingLanes[warp.Index] |= fragment.Mask;
        if (isWaiting)
        {
            fragment.State = FragmentState.AtBarrier;
            fragment.Barrier = (int)number;
            barrier.Waiting.Add((warp, fragment));
        }
        if (IsComplete(barrier)) Complete(barrier);
        return fragment.State == FragmentState.Ready;
    }

    /// <summary>Threads have exited: barriers that wait for all may be complete.</summary>
    public void NoteExit()
    {
        foreach (BlockBarrier? barrier in _barriers)
            if (barrier is { IsInUse: true, Expected: -1 } && IsComplete(barrier)) Complete(barrier);
    }

    /// <summary>Restarts the clock: everything so far is ordered before everyone, which may hide a race but never reports a false one.</summary>
    private void Renew()
    {
        Time.Renew();
        Order.Renew();
        SharedOrder.Reset();
        Shadow?.MakeOld();
        foreach (BlockBarrier? barrier in _barriers) barrier?.Forget();
    }

    /// <summary>A warp executes a fence at block scope, or at gpu or sys scope. It publishes what it acquires.</summary>
    public void Fence(Warp warp, bool isWide)
    {
        Acquire(warp, isWide);
        Release(warp, isWide);
    }

    public void Acquire(Warp warp, bool isWide)
    {
        SharedOrder.TakeOver(warp.Index, Time);
        if (isWide) Order.TakeOver(warp.Index, Number, Time);
    }

    public void Release(Warp warp, bool isWide)
    {
        SharedOrder.Cover(warp.Index, Time);
        if (isWide) Order.Cover(warp.Index, Time);
    }

    private static string Name(int expected) => expected < 0 ? "all threads" : $"{expected} threads";

    private static void Reduce(BlockBarrier barrier, Fragment fragment, SynchronizationPoint point)
    {
        if (point.Predicate < 0) return;
        uint holds = *(uint*)(fragment.Frame.Registers + point.Predicate);
        if (point.IsPredicateNegated) holds = ~holds;
        barrier.TrueCount += BitOperations.PopCount(holds & fragment.Mask);
        barrier.ReducedCount += BitOperations.PopCount(fragment.Mask);
    }

    private bool IsComplete(BlockBarrier barrier)
    {
        if (barrier.Expected >= 0) return barrier.Arrived >= barrier.Expected;
        foreach (Warp warp in _warps)
            if ((warp.Live & ~barrier.WaitingLanes[warp.Index]) != 0) return false;
        return true;
    }

    private void Complete(BlockBarrier barrier)
    {
        // Exited threads did not arrive at a barrier with a count: it does not order their last accesses.
        bool isAll = barrier.Expected < 0 || barrier.Waiting.Sum(pair => BitOperations.PopCount(pair.Fragment.Mask)) == (int)Launch.BlockSize.Count;
        if (isAll)
        {
            Time.MeetAll();
            Order.MeetAll();
        }
        foreach ((Warp warp, Fragment fragment) in barrier.Waiting)
        {
            if (!isAll)
            {
                Time.Leave(warp.Index, barrier.Gathered);
                // Lanes of a warp synchronise with each other there, too.
                Time.MeetLanes(warp.Index, barrier.WaitingLanes[warp.Index], warp.Existing);
                Order.Leave(warp.Index, barrier.GatheredOrder);
            }
            fragment.State = FragmentState.Ready;
            fragment.HasPassed = true;
            warp.Reduction = (barrier.TrueCount, barrier.ReducedCount);
            _isReleased[warp.Index] = true;
        }
        barrier.Reset();
    }
}
