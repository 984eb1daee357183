namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>A symbol of an ELF file.</summary>
/// <param name="Name">Its name, empty for sections.</param>
/// <param name="Info">Binding and type.</param>
/// <param name="Other">Visibility, and NVIDIA's own marks.</param>
/// <param name="Section">The index of its section.</param>
/// <param name="Value">Its offset in that section.</param>
/// <param name="Size">Its bytes.</param>
internal readonly record struct ElfSymbol(string Name, byte Info, byte Other, int Section, ulong Value, ulong Size)
{
    /// <summary>True for functions: kernels and their callees.</summary>
    public bool IsFunction => (Info & 0xf) == 2;

    /// <summary>True for kernels (STO_CUDA_ENTRY).</summary>
    public bool IsEntry => (Other & 0x10) != 0;
}
