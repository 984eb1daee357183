namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>How often a worker's warps went through each block of a function, and with how many lanes.</summary>
internal sealed class ProgramTally(Program program)
{
    public Program Program => program;

    public long[] Passes { get; } = new long[program.Blocks.Length];

    public long[] Lanes { get; } = new long[program.Blocks.Length];

    /// <summary>Branches at the end of each block at which lanes went apart.</summary>
    public long[] Divergences { get; } = new long[program.Blocks.Length];
}
