using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A kernel of a loaded module with the attributes that were set.</summary>
internal sealed class VirtualFunction(VirtualModule module, KernelImage image, string name, nint nativeName)
{
    public VirtualModule Module => module;

    public KernelImage Image => image;

    public string Name => name;

    /// <summary>The name in native memory, for cuFuncGetName.</summary>
    public nint NativeName => nativeName;

    /// <summary>The value of MAX_DYNAMIC_SHARED_SIZE_BYTES.</summary>
    public int MaxDynamicShared { get; set; } = -1;
}
