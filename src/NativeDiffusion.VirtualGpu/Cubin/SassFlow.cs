namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// The control flow graph of a kernel with its dominators (Cooper, Harvey and Kennedy,
/// "A Simple, Fast Dominance Algorithm", 2001).
/// </summary>
internal sealed class SassFlow
{
    // BRA's two bits of kind: a branch taken by diverged warps (.DIV) leads to a slow copy of the code after it.
    private const int Divergent = 2;
    private const int AnyKind = 3;

    private readonly IReadOnlyList<SassInstruction> _code;
    private readonly int[] _blockOf;

    /// <summary>Builds the control flow of code whose functions start at the byte offsets given, the kernel's own among them.</summary>
    public SassFlow(IReadOnlyList<SassInstruction> code, IEnumerable<int> starts)
    {
        _code = code;
        int[] roots = [.. starts.Select(start => start / SassInstruction.Bytes).Append(0).Where(start => start < code.Count).Distinct().Order()];
        _blockOf = new int[code.Count];
        Blocks = Cut(roots);
        foreach (SassBlock block in Blocks) Connect(block);
        Roots = [.. roots.Select(root => _blockOf[root])];
        ReachTables();
        Order();
        Dominate();
    }

    /// <summary>The blocks, by address.</summary>
    public IReadOnlyList<SassBlock> Blocks { get; }

    private List<int> Roots { get; }

    /// <summary>Whether a block dominates another.</summary>
    public bool Dominates(int block, int other)
    {
        for (int at = other; at >= 0; at = Blocks[at].Dominator == at ? -1 : Blocks[at].Dominator)
            if (at == block) return true;
        return false;
    }

    private static bool Ends(SassInstruction instruction) => instruction.Mnemonic is "BRA" or "BRX" or "EXIT" or "RET";

    // A branch is conditional only with a guard, a second predicate (bits 87 to 90), a uniform one (form 2) or a kind.
    private static bool FallsThrough(SassInstruction instruction) => instruction.IsConditional || instruction.Mnemonic switch
    {
        "BRA" => ((instruction.High >> 23) & 0xf) != 7 || instruction.Opcode == 0x547 || ((instruction.Low >> 32) & AnyKind) >= Divergent,
        "BRX" or "EXIT" or "RET" => false,
        _ => true,
    };

    private static bool IsSlowPath(SassInstruction instruction) => instruction.Mnemonic == "BRA" && ((instruction.Low >> 32) & AnyKind) == Divergent;

    private SassBlock[] Cut(int[] roots)
    {
        var leaders = new SortedSet<int>(roots);
        for (int i = 0; i < _code.Count; i++)
        {
            if (!Ends(_code[i])) continue;
            if (Index(_code[i].Target) is { } target) leaders.Add(target);
            if (i + 1 < _code.Count) leaders.Add(i + 1);
        }
        int[] firsts = [.. leaders];
        var blocks = new SassBlock[firsts.Length];
        for (int i = 0; i < firsts.Length; i++)
        {
            blocks[i] = new SassBlock(firsts[i], i + 1 < firsts.Length ? firsts[i + 1] : _code.Count);
            Array.Fill(_blockOf, i, firsts[i], blocks[i].End - firsts[i]);
        }
        return blocks;
    }

    private void Connect(SassBlock block)
    {
        SassInstruction last = _code[block.End - 1];
        if (last.Mnemonic == "BRA" && !IsSlowPath(last) && Index(last.Target) is { } target) block.Next.Add(_blockOf[target]);
        if (block.End < _code.Count && FallsThrough(last)) block.Next.Add(_blockOf[block.End]);
    }

    private int? Index(int? offset) => offset >= 0 && offset / SassInstruction.Bytes < _code.Count ? offset / SassInstruction.Bytes : null;

    // A branch through a table names no address: blocks without another predecessor, slow paths excluded, are assumed to follow it.
    private void ReachTables()
    {
        int[] jumps = [.. Enumerable.Range(0, Blocks.Count).Where(i => _code[Blocks[i].End - 1].Mnemonic == "BRX")];
        if (jumps.Length == 0) return;
        int[] slow =
            [.. Blocks
                .Select(block => _code[block.End - 1]).Where(IsSlowPath).Select(branch => Index(branch.Target)).OfType<int>().Select(index => _blockOf[index])];
        bool[] reached = Reach([.. Roots, .. slow]);
        for (int i = 0; i < Blocks.Count; i++)
        {
            if (reached[i]) continue;
            int jump = jumps.LastOrDefault(jump => jump < i, jumps[0]);
            Blocks[jump].Next.Add(i);
            foreach (int j in Enumerable.Range(0, Blocks.Count).Zip(Reach([i])).Where(pair => pair.Second).Select(pair => pair.First)) reached[j] = true;
        }
    }

    private bool[] Reach(IEnumerable<int> from)
    {
        bool[] reached = new bool[Blocks.Count];
        var open = new Stack<int>(from);
        while (open.TryPop(out int block))
        {
            if (reached[block]) continue;
            reached[block] = true;
            foreach (int next in Blocks[block].Next) open.Push(next);
        }
        return reached;
    }

    private void Order()
    {
        var finished = new List<int>();
        bool[] seen = new bool[Blocks.Count];
        var open = new Stack<(int Block, int Next)>();
        foreach (int root in Roots)
        {
            if (seen[root]) continue;
            seen[root] = true;
            open.Push((root, 0));
            while (open.TryPop(out (int Block, int Next) at))
            {
                if (at.Next == Blocks[at.Block].Next.Count)
                {
                    finished.Add(at.Block);
                    continue;
                }
                open.Push((at.Block, at.Next + 1));
                int next = Blocks[at.Block].Next[at.Next];
                if (seen[next]) continue;
                seen[next] = true;
                open.Push((next, 0));
            }
        }
        finished.Reverse();
        for (int i = 0; i < finished.Count; i++)
        {
            Blocks[finished[i]].Order = i;
            foreach (int next in Blocks[finished[i]].Next) Blocks[next].Previous.Add(finished[i]);
        }
        _order = finished;
    }

    private List<int> _order = [];

    private void Dominate()
    {
        foreach (int root in Roots) Blocks[root].Dominator = root;
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int block in _order.Where(block => !Roots.Contains(block)))
            {
                int dominator = -1;
                foreach (int previous in Blocks[block].Previous.Where(previous => Blocks[previous].Dominator >= 0))
                    dominator = dominator < 0 ? previous : Meet(dominator, previous);
                changed |= Blocks[block].Dominator != dominator;
                Blocks[block].Dominator = dominator;
            }
        }
    }

    // The common dominator of two blocks; functions share no start, so paths that never meet end at one of them.
    private int Meet(int a, int b)
    {
        while (a != b)
        {
            int upper = Blocks[a].Order > Blocks[b].Order ? a : b;
            int next = Blocks[upper].Dominator;
            if (next == upper) return upper;
            (a, b) = upper == a ? (next, b) : (a, next);
        }
        return a;
    }
}
