namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>
/// Finds the natural loops of a kernel: an edge back to a dominator closes one, and all blocks from which that edge is
/// reached belong to it. Irreducible loops (with two entries) are not found; the assembler generates none for our kernels.
/// </summary>
internal static class SassLoops
{
    /// <summary>All loops, by address.</summary>
    public static List<SassLoop> Find(IReadOnlyList<SassInstruction> code, IEnumerable<int> starts)
    {
        if (code.Count == 0) return [];
        var flow = new SassFlow(code, starts);
        var bodies = new SortedDictionary<int, HashSet<int>>();
        for (int i = 0; i < flow.Blocks.Count; i++)
        {
            if (flow.Blocks[i].Order < 0) continue;
            foreach (int head in flow.Blocks[i].Next.Where(head => flow.Dominates(head, i)))
            {
                if (!bodies.TryGetValue(head, out HashSet<int>? body)) bodies.Add(head, body = [head]);
                Collect(flow, body, i);
            }
        }
        // A kernel's last EXIT is followed by a branch to itself as padding: it is unreachable and not a loop.
        return Loops(flow, code, bodies);
    }

    /// <summary>The most significant loop, as defined by <see cref="CubinKernel.MainLoop"/>.</summary>
    public static SassLoop? Main(IReadOnlyList<SassLoop> loops)
    {
        SassLoop[] tensor = [.. loops.Where(loop => loop.Tensor > 0)];
        IEnumerable<SassLoop> candidates = tensor.Length > 0
            ? tensor.Where(loop => !tensor.Any(inner => IsInside(inner, loop)))
            : loops.Where(loop => loop.IsInnermost);
        return candidates.OrderByDescending(loop => loop.Tensor).ThenByDescending(loop => loop.Instructions.Count).ThenBy(loop => loop.Start).FirstOrDefault();
    }

    private static bool IsInside(SassLoop inner, SassLoop outer) =>
        inner != outer && inner.Instructions.Count < outer.Instructions.Count && outer.Instructions.Any(instruction => instruction.Offset == inner.Start);

    private static void Collect(SassFlow flow, HashSet<int> body, int tail)
    {
        var open = new Stack<int>([tail]);
        while (open.TryPop(out int block))
            if (body.Add(block))
                foreach (int previous in flow.Blocks[block].Previous) open.Push(previous);
    }

    private static List<SassLoop> Loops(SassFlow flow, IReadOnlyList<SassInstruction> code, SortedDictionary<int, HashSet<int>> bodies)
    {
        var loops = new List<SassLoop>();
        foreach ((int head, HashSet<int> body) in bodies)
        {
            SassInstruction[] instructions =
                [.. body.Order()
                    .SelectMany(block => Enumerable.Range(flow.Blocks[block].First, flow.Blocks[block].End - flow.Blocks[block].First)).Select(i => code[i])];
            int depth = bodies.Count(other => other.Key != head && other.Value.Contains(head) && other.Value.Count > body.Count);
            loops.Add(new SassLoop(code[flow.Blocks[head].First].Offset, instructions[^1].Offset + SassInstruction.Bytes, depth, instructions));
        }
        foreach (SassLoop loop in loops) loop.IsInnermost = !loops.Any(inner => IsInside(inner, loop));
        return loops;
    }
}
