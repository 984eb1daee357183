namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>What happens to a lane's stack.</summary>
internal enum StackAction
{
    /// <summary>Its place is told.</summary>
    Save,

    /// <summary>It goes back to a place told before.</summary>
    Restore,

    /// <summary>It grows.</summary>
    Take,
}
