using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A kernel of a loaded module with the layout of its shared and local memory.</summary>
internal sealed class KernelImage
{
    private readonly ModuleImage _module;
    private readonly Dictionary<string, int> _shared = [];
    private int _dynamicAlignment = 1;

    public KernelImage(ModuleImage module, string name)
    {
        _module = module;
        Programs = module.Library.Reachable(name);
        Entry = Programs[0];
        SharedGrain = Programs.Min(program => program.SharedGrain);
        GlobalGrain = Programs.Min(program => program.GlobalGrain);
        HasGlobalFences = Programs.Any(program => program.HasGlobalFences);
        HasGlobalFlags = Programs.Any(program => program.HasGlobalFlags);
        HasPartialOrder = Programs.Any(program => program.HasPartialOrder);
        LayOutShared();
        LocalBytes = LocalNeed(Entry, []);
    }

    public Program Entry { get; }

    public PtxFunction Function => Entry.Function;

    /// <summary>The kernel and its possible callees.</summary>
    public IReadOnlyList<Program> Programs { get; }

    public int SharedGrain { get; }

    public int GlobalGrain { get; }

    public bool HasGlobalFences { get; }

    public bool HasGlobalFlags { get; }

    public bool HasPartialOrder { get; }

    /// <summary>Bytes of shared variables of known size, with padding.</summary>
    public int StaticSharedBytes { get; private set; }

    /// <summary>The start of shared memory in its space, after what the system reserves.</summary>
    public const int SharedStart = 1024;

    /// <summary>Bytes of local memory of the deepest call chain without recursion.</summary>
    public int LocalBytes { get; }

    /// <summary>Bytes of all parameters.</summary>
    public int ParameterBytes
    {
        get
        {
            int offset = 0;
            foreach (PtxVariable parameter in Function.Parameters) offset = FunctionLowering.Align(offset, parameter.Alignment) + (int)parameter.Size;
            return offset;
        }
    }

    /// <summary>
    /// The start of dynamic shared memory: aligned as declared, and deliberately no better, so that kernels that need more alignment are found.
    /// </summary>
    public int DynamicStart
    {
        get
        {
            int start = FunctionLowering.Align(SharedStart + StaticSharedBytes, _dynamicAlignment);
            return start % (2 * _dynamicAlignment) == 0 ? start + _dynamicAlignment : start;
        }
    }

    public Program Program(string name, PtxInstruction caller) => _module.Library.Program(name, caller);

    /// <summary>The address of a variable within its space.</summary>
    public ulong SymbolAddress(string name)
    {
        if (_shared.TryGetValue(name, out int offset)) return (ulong)(offset < 0 ? DynamicStart : offset);
        return _module.Variable(name)?.Address ?? throw new PtxException($"variable '{name}' is not defined in the module.", 0);
    }

    public ulong FunctionHandle(string name) => Handle(_module.Library.FunctionNames.ToList().IndexOf(name));

    public string? FunctionName(ulong handle)
    {
        ulong index = (handle - Windows.Functions) / 16;
        return handle >= Windows.Functions && index < (ulong)_module.Library.FunctionNames.Count
            && handle % 16 == 0 ? _module.Library.FunctionNames[(int)index] : null;
    }

    public static ulong Handle(int index) => Windows.Functions + (16 * (ulong)index);

    private void LayOutShared()
    {
        int end = SharedStart;
        foreach (Program program in Programs)
        {
            foreach (FrameConstant constant in program.Constants)
            {
                if (constant.Kind != FrameConstantKind.Symbol || _shared.ContainsKey(constant.Symbol!)
                    || Find(program, constant.Symbol!) is not { } variable) continue;
                if (variable.Size == 0)
                {
                    _shared.Add(constant.Symbol!, -1);
                    _dynamicAlignment = Math.Max(_dynamicAlignment, variable.Alignment);
                    continue;
                }
                end = FunctionLowering.Align(end, variable.Alignment);
                _shared.Add(constant.Symbol!, end);
                end += (int)variable.Size;
            }
        }
        StaticSharedBytes = end - SharedStart;
    }

    private PtxVariable? Find(Program program, string name)
    {
        string prefix = program.Function.Name + ".";
        PtxVariable? variable = name.StartsWith(prefix, StringComparison.Ordinal)
            ? program.Function.Variables.Find(candidate => candidate.Space == StateSpace.Shared && candidate.Name == name[prefix.Length..])
            : null;
        variable ??= _module.Library.Module.Variables.GetValueOrDefault(name);
        return variable is { Space: StateSpace.Shared } ? variable : null;
    }

    private int LocalNeed(Program program, HashSet<Program> above)
    {
        int deepest = 0;
        if (!above.Add(program)) return 0;
        foreach (CodeBlock block in program.Blocks)
        {
            if (block.Call?.Function is not { } callee) continue;
            deepest = Math.Max(deepest, 32 + LocalNeed(_module.Library.Program(callee), above));
        }
        above.Remove(program);
        return program.LocalBytes + deepest;
    }
}
