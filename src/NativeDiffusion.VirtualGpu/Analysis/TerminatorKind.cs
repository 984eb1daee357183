namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>How control leaves a basic block.</summary>
internal enum TerminatorKind
{
    /// <summary>On to the next block.</summary>
    Next,
    Jump,
    Branch,
    Table,
    Call,
    /// <summary>Back to the caller.</summary>
    Return,
    /// <summary>The thread ends.</summary>
    Exit,
}
