namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>
/// The windows of the generic address space that are not global: shared memory, local memory and parameters. No host pointer and no device
/// allocation is ever inside them.
/// </summary>
internal static class Windows
{
    public const ulong Shared = 0x3000_0000_0000;
    public const ulong Local = 0x3100_0000_0000;
    public const ulong Param = 0x3200_0000_0000;
    public const ulong Size = 0x1_0000_0000;

    /// <summary>Handles of functions; not addresses.</summary>
    public const ulong Functions = 0x3300_0000_0000;

    /// <summary>The start of device allocations: far above 2^40.</summary>
    public const ulong Device = 0x4000_0000_0000;
}
