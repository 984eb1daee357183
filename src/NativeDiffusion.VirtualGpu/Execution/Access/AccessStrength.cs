namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>What an access promises to other threads.</summary>
internal enum AccessStrength : byte
{
    Weak,
    /// <summary>.volatile, .relaxed, .acquire, .release.</summary>
    Strong,
    Atomic,
}
