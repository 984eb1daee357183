namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>The kinds of memory.</summary>
internal enum AllocationKind
{
    Device,
    /// <summary>A variable of a module.</summary>
    Module,
    /// <summary>A constant variable of a module, read-only for kernels.</summary>
    Constant,
    /// <summary>Pinned host memory, which devices access under its host address.</summary>
    Host,
}
