namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A parsed module: its target, its functions and its module-level variables.</summary>
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
    /// <exception cref="PtxException">The text is not valid or not supported PTX.</exception>
    public static PtxModule Parse(string text) => new PtxParser(text).Run();
}
