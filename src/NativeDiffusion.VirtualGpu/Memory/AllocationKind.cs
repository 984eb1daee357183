namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>Whose memory it is.</summary>
internal enum AllocationKind
{
    Device,
    /// <summary>A variable of a module.</summary>
    Module,
    /// <summary>A constant of a module, which kernels may only read.</summary>
    Constant,
    /// <summary>Pinned memory of the host, which devices see under its own address.</summary>
    Host,
}
