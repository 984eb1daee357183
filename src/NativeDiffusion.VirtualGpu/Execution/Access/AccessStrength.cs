namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>The memory ordering strength of an access.</summary>
internal enum AccessStrength : byte
{
    Weak,
    /// <summary>.volatile, .relaxed, .acquire, .release.</summary>
    Strong,
    Atomic,
}
