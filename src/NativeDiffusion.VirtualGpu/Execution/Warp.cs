using System.Numerics;
using NativeDiffusion.VirtualGpu.Analysis;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>
/// Thirty-two threads. While they are converged they are one fragment; a divergent branch makes two. The schedule chooses which fragment
/// runs next; where instructions require it, fragments wait for each other and reconverge.
/// </summary>
internal sealed unsafe partial class Warp : IDisposable
{
    private readonly List<Fragment> _fragments = [];
    private Frame _base = null!;

    public Warp(ThreadBlock block, int index)
    {
        Block = block;
        Index = index;
        FirstThread = index * 32;
        int threads = Math.Min(32, (int)block.Launch.BlockSize.Count - FirstThread);
        Existing = threads == 32 ? uint.MaxValue : (1u << threads) - 1;
        _base = new Frame(block.Launch.Program, block.Worker.Tally(block.Launch.Program));
        Copies = new AsyncCopies(this);
    }

    public ThreadBlock Block { get; }

    public Worker Worker => Block.Worker;

    public KernelLaunch Launch => Block.Launch;

    public int Index { get; }

    /// <summary>The number of lane 0's thread in the block.</summary>
    public int FirstThread { get; }

    /// <summary>Lanes that are threads of the block.</summary>
    public uint Existing { get; }

    /// <summary>Lanes that have not exited.</summary>
    public uint Live { get; private set; }

    /// <summary>Basic blocks run so far.</summary>
    public ulong Clock { get; private set; }

    /// <summary>The current frame.</summary>
    public Frame Frame { get; private set; } = null!;

    /// <summary>cp.async copies in flight.</summary>
    public AsyncCopies Copies { get; }

    /// <summary>Lanes that have executed griddepcontrol.wait.</summary>
    public uint DependenciesMet { get; set; }

    /// <summary>The result of the last barrier with a reduction, per lane.</summary>
    public (int True, int All) Reduction { get; set; }

    /// <summary>Begins a block of the grid.</summary>
    public void Start()
    {
        Live = Existing;
        Clock = 0;
        DependenciesMet = 0;
        // The schedule of a block does not depend on what its worker ran before: counters are the same every time.
        _turns = 0;
        _ended = 0;
        Copies.Clear();
        ResetLocal();
        _base.Lanes = Existing;
        _base.LocalBase = KernelLaunch.LocalStart;
        Constants.Begin(this, _base);
        Frame = _base;
        _fragments.Clear();
        _fragments.Add(new Fragment(0, Existing, _base));
    }

    /// <summary>The thread of a lane.</summary>
    public Dimensions Thread(int lane) => Launch.BlockSize.At((ulong)(FirstThread + lane));

    /// <summary>Runs until every lane waits for another warp or has exited, or until the time slice is used up.</summary>
    public WarpStatus Run(ref long fuel)
    {
        while (true)
        {
            if (Launch.IsAborted) return WarpStatus.Finished;
            if (_fragments.Count == 0) return WarpStatus.Finished;
            Fragment? fragment = Pick();
            if (fragment is null)
            {
                if (Resolve()) continue;
                return WarpStatus.Blocked;
            }
            if (fuel <= 0) return WarpStatus.Yielded;
            Run(fragment, ref fuel);
        }
    }

    /// <summary>Runs a fragment for a time slice.</summary>
    private void Run(Fragment fragment, ref long fuel)
    {
        Frame = fragment.Frame;
        // Declared here, since lanes that wait or diverge in every iteration leave this function in the middle of it.
        if ((long)Clock > Launch.Options.Patience)
        {
            Launch.Hang(this, Frame.Program.Blocks[fragment.Block]);
            return;
        }
        int budget = Launch.Options.IsAdversarial && _fragments.Count > 1 ? 1 + Worker.Random.Next(8) : int.MaxValue;
        while (fragment.State == FragmentState.Ready && budget-- > 0 && fuel-- > 0)
        {
            CodeBlock code = Frame.Program.Blocks[fragment.Block];
            if (code.Synchronization is { } point && !fragment.HasPassed && !Synchronize(fragment, code, point)) return;
            fragment.HasPassed = false;
            if (_fragments.Count > 1 && NoteBypass(fragment, code)) return;
            uint mask = fragment.Mask;
            if (!code.IsWayOut) fragment.Last = code.Index;
            Frame.Tally.Passes[code.Index]++;
            Frame.Tally.Lanes[code.Index] += BitOperations.PopCount(mask);
            Clock++;
            if (code.Body is { } body) body(code.Operations, this, Frame.Registers, mask);
            else Interpret(code, Frame.Registers, mask);
            if (Launch.IsAborted) return;
            if (!Terminate(fragment, code)) return;
        }
    }

    private void Interpret(CodeBlock code, byte* registers, uint mask)
    {
        foreach (LaneOperation operation in code.Operations) operation.Execute(this, registers, mask);
    }

    /// <summary>Advances the fragment to its next block; false if it exited, split, or another should be scheduled.</summary>
    private bool Terminate(Fragment fragment, CodeBlock code)
    {
        switch (code.Terminator)
        {
            case TerminatorKind.Next:
                return Go(fragment, code.Next);
            case TerminatorKind.Jump:
                return Go(fragment, code.Target);
            case TerminatorKind.Branch:
                return Branch(fragment, code);
            case TerminatorKind.Table:
                return BranchTable(fragment, code);
            case TerminatorKind.Call:
                return Call(fragment, code.Call!, code.Next);
            case TerminatorKind.Return:
                Return(fragment);
                return false;
            default:
                Exit(fragment);
                return false;
        }
    }

    private bool Branch(Fragment fragment, CodeBlock code)
    {
        uint taken = *(uint*)(Frame.Registers + code.Selector);
        if (code.IsPredicateNegated) taken = ~taken;
        taken &= fragment.Mask;
        if (taken == fragment.Mask) return Go(fragment, code.Target);
        if (taken == 0) return Go(fragment, code.Next);
        Frame.Tally.Divergences[code.Index]++;
        fragment.Mask &= ~taken;
        var other = new Fragment(code.Target, taken, fragment.Frame);
        _fragments.Add(other);
        fragment.Block = code.Next;
        Merge(fragment);
        // If both targets are the same block they have merged by now.
        if (other.Block != fragment.Block) Merge(other);
        return false;
    }

    private bool BranchTable(Fragment fragment, CodeBlock code)
    {
        uint* indices = (uint*)(Frame.Registers + code.Selector);
        uint rest = fragment.Mask;
        bool isFirst = true;
        while (rest != 0)
        {
            uint index = indices[BitOperations.TrailingZeroCount(rest)], same = 0;
            for (uint lanes = rest; lanes != 0; lanes &= lanes - 1)
                if (indices[BitOperations.TrailingZeroCount(lanes)] == index) same |= lanes & (0 - lanes);
            if (index >= (uint)code.Targets.Count)
            {
                Report(FindingKind.Trap, code.Last!, same,
                    $"invalid branch to entry {index} of a table of {code.Targets.Count}");
                Launch.Abort();
                return false;
            }
            rest &= ~same;
            if (isFirst && rest == 0) return Go(fragment, code.Targets[(int)index]);
            if (isFirst)
            {
                Frame.Tally.Divergences[code.Index]++;
                fragment.Mask = same;
                fragment.Block = code.Targets[(int)index];
                isFirst = false;
                continue;
            }
            _fragments.Add(new Fragment(code.Targets[(int)index], same, fragment.Frame));
        }
        return false;
    }

    /// <summary>Advances; in the friendly schedule fragments at the same position merge. False if another fragment should run now.</summary>
    private bool Go(Fragment fragment, int block)
    {
        fragment.Block = block;
        if (_fragments.Count == 1) return true;
        Merge(fragment);
        // The friendly schedule lets fragments that are behind catch up.
        return Launch.Options.IsAdversarial;
    }

    private void Merge(Fragment fragment)
    {
        if (Launch.Options.IsAdversarial) return;
        for (int i = _fragments.Count - 1; i >= 0; i--)
        {
            Fragment other = _fragments[i];
            if (other == fragment || other.Block != fragment.Block || other.Frame != fragment.Frame || other.State != FragmentState.Ready || other.HasPassed)
                continue;
            fragment.Mask |= other.Mask;
            _fragments.RemoveAt(i);
        }
    }

    private void Exit(Fragment fragment)
    {
        Live &= ~fragment.Mask;
        if (fragment.Frame == _base) NoteEnd(fragment);
        Copies.Abandon(fragment.Mask);
        for (Frame frame = fragment.Frame; frame.Caller is { } caller; frame = caller)
        {
            frame.Lanes &= ~fragment.Mask;
            if (frame.Lanes == 0) Worker.ReturnFrame(frame);
        }
        _fragments.Remove(fragment);
        Block.NoteExit();
    }

    public void Dispose()
    {
        _base.Release();
        ReleaseLocal();
    }
}
