namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The counters of one launch.</summary>
internal sealed class LaunchTally
{
    private readonly long[] _instructions = new long[(int)InstructionClass.Other + 1];

    /// <summary>Instructions issued to warps, by class.</summary>
    public IReadOnlyList<long> Instructions => _instructions;

    /// <summary>Instructions issued to warps.</summary>
    public long WarpInstructions { get; private set; }

    /// <summary>Instructions summed over active lanes.</summary>
    public long ThreadInstructions { get; private set; }

    public long TensorFlops { get; private set; }

    public long DivergentBranches { get; private set; }

    /// <summary>Distinct bytes of global memory accessed.</summary>
    public long UniqueBytes { get; private set; }

    public MemoryTally Memory { get; } = new();

    public static LaunchTally Of(Worker[] workers)
    {
        var tally = new LaunchTally();
        for (int i = 0; i < workers.Length; i++)
        {
            tally.Memory.Add(workers[i].Memory);
            foreach (ProgramTally part in workers[i].Tallies) tally.Add(part);
            if (i > 0) workers[0].Unique.Join(workers[i].Unique);
        }
        tally.UniqueBytes = workers[0].Unique.Count();
        return tally;
    }

    private void Add(ProgramTally part)
    {
        for (int block = 0; block < part.Passes.Length; block++)
        {
            InstructionMix mix = part.Program.Blocks[block].Mix;
            long passes = part.Passes[block];
            if (passes == 0) continue;
            for (int kind = 0; kind < _instructions.Length; kind++) _instructions[kind] += passes * mix.Counts[kind];
            WarpInstructions += passes * mix.Total;
            ThreadInstructions += part.Lanes[block] * mix.Total;
            TensorFlops += passes * mix.TensorFlops;
            DivergentBranches += part.Divergences[block];
        }
    }
}
