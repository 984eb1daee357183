namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A virtual register of a function; Index counts within the function, across scopes.</summary>
internal sealed class PtxRegister(string name, PtxType type, int index)
{
    public string Name => name;

    public PtxType Type => type;

    public int Index => index;

    /// <summary>64 for 64-bit registers, 128 for 128-bit ones, else 32: lanes of narrower registers are kept in 32 bits, zero above.</summary>
    public int LaneBits => type.Bits() switch { 64 => 64, 128 => 128, _ => 32 };

    public override string ToString() => name;
}
