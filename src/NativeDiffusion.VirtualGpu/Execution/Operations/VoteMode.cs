namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>What vote makes of the predicates.</summary>
internal enum VoteMode
{
    All,
    Any,
    Uniform,
    Ballot,
}
