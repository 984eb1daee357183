namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>A section of an ELF file: the location of its bytes in the image. Sections without bytes (<see cref="NoBits"/>) have a size only.</summary>
internal sealed record ElfSection(string Name, uint Type, ulong Flags, int Offset, long Size, int Link, uint Info)
{
    /// <summary>The type of unused entries.</summary>
    public const uint Unused = 0;

    /// <summary>The type of sections that occupy memory but no bytes in the file.</summary>
    public const uint NoBits = 8;

    /// <summary>The type of symbol tables.</summary>
    public const uint SymbolTable = 2;
}
