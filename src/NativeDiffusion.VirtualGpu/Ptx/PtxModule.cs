namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A module as parsed: what it was made for, its functions and its variables outside of functions.</summary>
internal sealed class PtxModule(Version version, string target, int addressBits)
{
    /// <summary>PTX ISA version.</summary>
    public Version Version => version;

    /// <summary>"sm_80", "sm_90a".</summary>
    public string Target => target;

    /// <summary>80 of "sm_80".</summary>
    public int Architecture { get; init; }

    public int AddressBits => addressBits;

    public Dictionary<string, PtxFunction> Functions { get; } = [];

    /// <summary>.global, .const and .shared variables at module level.</summary>
    public Dictionary<string, PtxVariable> Variables { get; } = [];

    public PtxScope Scope { get; } = new(null);

    /// <summary>Parses a module.</summary>
    /// <exception cref="PtxException">The text is not PTX that this parser knows.</exception>
    public static PtxModule Parse(string text) => new PtxParser(text).Run();
}
