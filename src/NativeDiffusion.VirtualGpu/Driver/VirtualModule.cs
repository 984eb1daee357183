using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A loaded module and the functions obtained from it.</summary>
internal sealed class VirtualModule(ModuleImage image, VirtualDevice device, IReadOnlyDictionary<string, int> registers)
{
    public ModuleImage Image => image;

    public VirtualDevice Device => device;

    /// <summary>Registers of kernels by name, where they are known.</summary>
    public IReadOnlyDictionary<string, int> Registers => registers;

    /// <summary>Handles by name.</summary>
    public Dictionary<string, nint> Functions { get; } = [];

    public bool IsUnloaded { get; set; }
}
