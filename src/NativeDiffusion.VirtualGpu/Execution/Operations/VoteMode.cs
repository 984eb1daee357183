namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>The modes of vote.</summary>
internal enum VoteMode
{
    All,
    Any,
    Uniform,
    Ballot,
}
