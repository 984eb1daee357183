namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A kernel (.entry) or function (.func) with its body.</summary>
internal sealed class PtxFunction(string name, bool isEntry, int line)
{
    public string Name => name;

    public bool IsEntry => isEntry;

    public int Line => line;

    public IReadOnlyList<PtxVariable> Returns { get; set; } = [];

    public IReadOnlyList<PtxVariable> Parameters { get; set; } = [];

    /// <summary>False for a declaration.</summary>
    public bool HasBody { get; set; }

    public List<PtxRegister> Registers { get; } = [];

    /// <summary>Variables declared inside: .shared and .local, and the .param blocks of calls.</summary>
    public List<PtxVariable> Variables { get; } = [];

    public List<PtxInstruction> Instructions { get; } = [];

    /// <summary>.maxntid: the maximum block size, by dimension; zeros if absent.</summary>
    public (int X, int Y, int Z) MaxThreads { get; set; }

    /// <summary>.reqntid: the required block size; zeros if absent.</summary>
    public (int X, int Y, int Z) RequiredThreads { get; set; }

    /// <summary>.minnctapersm; 0 if absent.</summary>
    public int MinBlocks { get; set; }

    /// <summary>.maxnreg; 0 if absent.</summary>
    public int MaxRegisters { get; set; }

    /// <summary>True for .reqnctapercluster, .explicitcluster and similar.</summary>
    public bool WantsCluster { get; set; }

    public override string ToString() => name;
}
