using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Scheduling of fragments, and synchronisation between them.</summary>
internal sealed unsafe partial class Warp
{
    /// <summary>Time slices after which the friendly schedule runs the others, so that spinning lanes cannot starve those they wait for.</summary>
    private const int Fairness = 1024;

    private readonly int[] _lastBlocks = new int[32];
    private uint _ended;
    private int _turns;

    /// <summary>The next fragment to run: the one that is farthest behind, or a random one.</summary>
    private Fragment? Pick()
    {
        if (_fragments.Count == 1) return _fragments[0].State == FragmentState.Ready ? _fragments[0] : null;
        if (Launch.Options.IsAdversarial) return PickAny();
        Fragment? best = null;
        bool isFair = ++_turns % Fairness == 0;
        foreach (Fragment fragment in _fragments)
        {
            if (fragment.State != FragmentState.Ready) continue;
            if (best is null || (IsBefore(fragment, best) ^ isFair)) best = fragment;
        }
        return best;
    }

    private static bool IsBefore(Fragment a, Fragment b) => a.Frame.Depth != b.Frame.Depth ? a.Frame.Depth > b.Frame.Depth : a.Block < b.Block;

    private Fragment? PickAny()
    {
        int ready = 0;
        foreach (Fragment fragment in _fragments)
            if (fragment.State == FragmentState.Ready) ready++;
        if (ready == 0) return null;
        int chosen = Worker.Random.Next(ready);
        foreach (Fragment fragment in _fragments)
            if (fragment.State == FragmentState.Ready && chosen-- == 0) return fragment;
        return null;
    }

    /// <summary>A fragment reaches a synchronisation; true if it need not wait.</summary>
    private bool Synchronize(Fragment fragment, CodeBlock code, SynchronizationPoint point)
    {
        bool isWhole = fragment.Mask == Live;
        if ((_ended & Existing) != 0 && NoteEndedBehind(fragment, code, point)) return false;
        switch (point.Kind)
        {
            case SynchronizationKind.Warp:
                if (isWhole) return true;
                break;
            case SynchronizationKind.Members or SynchronizationKind.WarpBarrier:
                if (isWhole || (Members(fragment, point) & Live & ~fragment.Mask) == 0) return true;
                break;
            default:
                if (!point.IsAligned || isWhole) return Block.Arrive(this, fragment, point);
                break;
        }
        fragment.State = FragmentState.AtRendezvous;
        _ = Resolve();
        return false;
    }

    private static uint Members(Fragment fragment, SynchronizationPoint point) =>
        ((uint*)(fragment.Frame.Registers + point.First))[BitOperations.TrailingZeroCount(fragment.Mask)];

    /// <summary>Releases fragments whose lanes have all arrived; false if there are none.</summary>
    private bool Resolve()
    {
        bool isAny = false;
        for (int i = 0; i < _fragments.Count; i++)
        {
            Fragment fragment = _fragments[i];
            if (fragment.State != FragmentState.AtRendezvous) continue;
            SynchronizationPoint point = fragment.Frame.Program.Blocks[fragment.Block].Synchronization!;
            if (point.Kind == SynchronizationKind.WarpBarrier ? ResolveWarpBarrier(fragment, point) : ResolveHere(fragment, point))
            {
                isAny = true;
                i = -1;
            }
        }
        return isAny;
    }

    /// <summary>Fragments at the same instruction are merged.</summary>
    private bool ResolveHere(Fragment fragment, SynchronizationPoint point)
    {
        uint wanted = point.Kind == SynchronizationKind.Members ? Members(fragment, point) & Live : Live;
        uint here = 0;
        foreach (Fragment other in _fragments)
            if (IsTogether(fragment, other)) here |= other.Mask;
        if ((wanted & ~here) != 0) return false;
        for (int i = _fragments.Count - 1; i >= 0; i--)
        {
            Fragment other = _fragments[i];
            if (other == fragment || !IsTogether(fragment, other) || (other.Mask & wanted) == 0) continue;
            fragment.Mask |= other.Mask;
            _fragments.RemoveAt(i);
        }
        fragment.State = FragmentState.Ready;
        fragment.HasPassed = true;
        if (point.Kind is SynchronizationKind.Barrier or SynchronizationKind.BarrierArrive) fragment.HasPassed = Block.Arrive(this, fragment, point);
        return true;
    }

    private static bool IsTogether(Fragment a, Fragment b) => b.State == FragmentState.AtRendezvous && a.Block == b.Block && a.Frame == b.Frame;

    /// <summary>bar.warp.sync synchronises lanes at different instructions; each continues at its own.</summary>
    private bool ResolveWarpBarrier(Fragment fragment, SynchronizationPoint point)
    {
        uint wanted = Members(fragment, point) & Live, here = 0;
        foreach (Fragment other in _fragments)
            if (IsAtWarpBarrier(other, wanted)) here |= other.Mask;
        if ((wanted & ~here) != 0) return false;
        foreach (Fragment other in _fragments)
        {
            if (!IsAtWarpBarrier(other, wanted)) continue;
            other.State = FragmentState.Ready;
            other.HasPassed = true;
        }
        for (int i = 0; i < _fragments.Count; i++)
            if (_fragments[i] is { HasPassed: true } other) MergePassed(other);
        return true;
    }

    private bool IsAtWarpBarrier(Fragment other, uint wanted) =>
        other.State == FragmentState.AtRendezvous && other.Frame.Program.Blocks[other.Block].Synchronization is { Kind: SynchronizationKind.WarpBarrier } point
        && (Members(other, point) & Live) == wanted;

    private void MergePassed(Fragment fragment)
    {
        for (int i = _fragments.Count - 1; i >= 0; i--)
        {
            Fragment other = _fragments[i];
            if (other == fragment || !other.HasPassed || other.State != FragmentState.Ready || other.Block != fragment.Block || other.Frame != fragment.Frame)
                continue;
            fragment.Mask |= other.Mask;
            _fragments.RemoveAt(i);
        }
    }

    /// <summary>Reports a fragment that bypasses an instruction at which lanes of its warp wait for it; true if the launch is aborted.</summary>
    private bool NoteBypass(Fragment fragment, CodeBlock code)
    {
        foreach (Fragment waiting in _fragments)
        {
            if (waiting == fragment || waiting.State == FragmentState.Ready || waiting.Frame != fragment.Frame) continue;
            CodeBlock place = waiting.Frame.Program.Blocks[waiting.Block];
            if (place.Behind is not { } behind || !behind.Contains(code.Index)) continue;
            SynchronizationPoint point = place.Synchronization!;
            if (point.Kind is SynchronizationKind.Members or SynchronizationKind.WarpBarrier && (Members(waiting, point) & fragment.Mask) == 0) continue;
            if (!point.IsAligned && point.Kind is SynchronizationKind.Barrier or SynchronizationKind.BarrierArrive) continue;
            ReportBypass(point, fragment.Mask);
            return true;
        }
        return false;
    }

    /// <summary>Records where lanes exited: past an instruction that others have yet to reach, they bypassed it.</summary>
    private void NoteEnd(Fragment fragment)
    {
        _ended |= fragment.Mask;
        for (uint rest = fragment.Mask; rest != 0; rest &= rest - 1) _lastBlocks[BitOperations.TrailingZeroCount(rest)] = fragment.Last;
    }

    /// <summary>As <see cref="NoteBypass"/>, if the lanes that bypassed it exited before the others arrived.</summary>
    private bool NoteEndedBehind(Fragment fragment, CodeBlock code, SynchronizationPoint point)
    {
        if (fragment.Frame != _base || code.Behind is not { } behind) return false;
        bool isBarrier = point.Kind is SynchronizationKind.Barrier or SynchronizationKind.BarrierArrive;
        if (isBarrier && !point.IsAligned) return false;
        uint past = 0;
        for (uint rest = _ended & (point.Kind is SynchronizationKind.Members or SynchronizationKind.WarpBarrier ? Members(fragment, point)
            : Existing); rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (behind.Contains(_lastBlocks[lane])) past |= 1u << lane;
        }
        if (past == 0) return false;
        ReportBypass(point, past);
        return true;
    }

    private void ReportBypass(SynchronizationPoint point, uint lanes)
    {
        Report(
            point.Kind is SynchronizationKind.Barrier or SynchronizationKind.BarrierArrive ? FindingKind.DivergentBarrier
            : FindingKind.DivergentWarp, point.Source, lanes,
            $"divergent: does not reach '{point.Source}', where other lanes of the warp wait");
        Launch.Abort();
    }

    /// <summary>The positions at which lanes wait when no progress is possible.</summary>
    public IEnumerable<(uint Lanes, PtxInstruction Place)> WaitingPlaces()
    {
        foreach (Fragment fragment in _fragments)
            if (fragment.Frame.Program.Blocks[fragment.Block].Synchronization is { } point) yield return (fragment.Mask, point.Source);
    }
}
