namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>How control leaves a basic block.</summary>
internal enum TerminatorKind
{
    /// <summary>Falls through to the next block.</summary>
    Next,
    Jump,
    Branch,
    Table,
    Call,
    /// <summary>Returns to the caller.</summary>
    Return,
    /// <summary>The thread exits.</summary>
    Exit,
}
