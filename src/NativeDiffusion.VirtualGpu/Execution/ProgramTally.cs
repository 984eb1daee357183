namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>How often a worker's warps ran each block of a function, and with how many lanes.</summary>
internal sealed class ProgramTally(Program program)
{
    public Program Program => program;

    public long[] Passes { get; } = new long[program.Blocks.Length];

    public long[] Lanes { get; } = new long[program.Blocks.Length];

    /// <summary>Divergent branches at the end of each block.</summary>
    public long[] Divergences { get; } = new long[program.Blocks.Length];
}
