using NativeDiffusion.Plans.Operations;

namespace NativeDiffusion.Plans;

/// <summary>
/// Gives every value a place in one block of memory; values whose lives do not overlap share places.
/// Largest first, each at the lowest offset that is free during its whole life.
/// </summary>
internal sealed class ArenaPlanner
{
    // 64 bytes: a cache line and the widest vector.
    private const long Alignment = 16;

    /// <summary>Plans the places.</summary>
    /// <param name="operations">Prologue and main part in running order.</param>
    /// <param name="prologueCount">How many belong to the prologue; what they make and the main part reads is never overwritten.</param>
    public ArenaPlanner(IReadOnlyList<Operation> operations, int prologueCount)
    {
        var lives = new Dictionary<PlanTensor, (int First, int Last)>();
        for (int i = 0; i < operations.Count; i++)
        {
            foreach (PlanTensor tensor in operations[i].Inputs.Append(operations[i].Output))
            {
                (int first, int last) = lives.TryGetValue(tensor.Root, out (int First, int Last) life) ? life : (i, i);
                lives[tensor.Root] = (first, Math.Max(last, i));
            }
        }

        foreach ((PlanTensor tensor, (int first, int last)) in lives.ToArray())
            if (first < prologueCount && last >= prologueCount) lives[tensor] = (0, operations.Count);
        Place(lives);
    }

    /// <summary>The first number of each owning tensor.</summary>
    public Dictionary<PlanTensor, long> Offsets { get; } = [];

    /// <summary>How many numbers the block holds.</summary>
    public long Length { get; private set; }

    private void Place(Dictionary<PlanTensor, (int First, int Last)> lives)
    {
        var placed = new List<(long Start, long End, int First, int Last)>();
        foreach ((PlanTensor tensor, (int first, int last)) in lives.OrderByDescending(life => life.Key.Shape.Count).ThenBy(life => life.Value.First))
        {
            long length = (tensor.Shape.Count + Alignment - 1) / Alignment * Alignment;
            long start = 0;
            foreach ((long otherStart, long otherEnd, _, _) in placed.Where(other => other.First <= last && first <= other.Last).OrderBy(other => other.Start))
            {
                if (start + length <= otherStart) break;
                start = Math.Max(start, otherEnd);
            }

            placed.Add((start, start + length, first, last));
            Offsets[tensor] = start;
            Length = Math.Max(Length, start + length);
        }
    }
}
