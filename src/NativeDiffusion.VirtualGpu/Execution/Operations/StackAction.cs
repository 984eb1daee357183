namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>The stack operations.</summary>
internal enum StackAction
{
    /// <summary>stacksave: reads the stack position.</summary>
    Save,

    /// <summary>stackrestore: restores a saved position.</summary>
    Restore,

    /// <summary>alloca: extends the stack.</summary>
    Take,
}
