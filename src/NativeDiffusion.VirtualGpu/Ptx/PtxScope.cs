namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Names of one pair of braces: registers, variables, labels and tables. Inline assembly opens scopes and uses the same names in each.</summary>
internal sealed class PtxScope(PtxScope? parent)
{
    private readonly Dictionary<string, PtxRegister> _registers = [];

    public PtxScope? Parent => parent;

    public Dictionary<string, PtxVariable> Variables { get; } = [];

    public Dictionary<string, PtxLabel> Labels { get; } = [];

    /// <summary>Lists of labels (.branchtargets) or of functions (.calltargets) by name.</summary>
    public Dictionary<string, IReadOnlyList<string>> Tables { get; } = [];

    public Dictionary<string, PtxPrototype> Prototypes { get; } = [];

    public bool TryDeclare(PtxRegister register) => _registers.TryAdd(register.Name, register);

    public PtxRegister? FindRegister(string name) => _registers.TryGetValue(name, out PtxRegister? register) ? register : parent?.FindRegister(name);

    public PtxVariable? FindVariable(string name) => Variables.TryGetValue(name, out PtxVariable? variable) ? variable : parent?.FindVariable(name);

    public PtxLabel? FindLabel(string name) => Labels.TryGetValue(name, out PtxLabel? label) ? label : parent?.FindLabel(name);

    public IReadOnlyList<string>? FindTable(string name) => Tables.TryGetValue(name, out IReadOnlyList<string>? table) ? table : parent?.FindTable(name);

    public PtxPrototype? FindPrototype(string name) =>
        Prototypes.TryGetValue(name, out PtxPrototype? prototype) ? prototype : parent?.FindPrototype(name);
}
