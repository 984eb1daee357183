namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A variable or parameter with its initial bytes; Size 0 means an unsized extern array (dynamic shared memory).</summary>
internal sealed class PtxVariable(string name, StateSpace space, PtxType type, int alignment, long size, bool isExtern, int line)
{
    public string Name => name;

    public StateSpace Space => space;

    public PtxType Type => type;

    /// <summary>The alignment in bytes, as declared or natural.</summary>
    public int Alignment => alignment;

    /// <summary>In bytes.</summary>
    public long Size => size;

    public bool IsExtern => isExtern;

    public int Line => line;

    /// <summary>Initial bytes, shorter than Size where the rest is zero; empty without an initialiser.</summary>
    public byte[] Initial { get; set; } = [];

    /// <summary>Addresses to be stored in the initial bytes once all symbols are resolved.</summary>
    public List<PtxRelocation> Relocations { get; } = [];

    public override string ToString() => name;
}
