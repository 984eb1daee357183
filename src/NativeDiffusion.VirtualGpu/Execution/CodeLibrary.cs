using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The functions of a module, each prepared once, at first use.</summary>
internal sealed class CodeLibrary(PtxModule module)
{
    private readonly ConcurrentDictionary<string, Lazy<Program>> _programs = [];

    public PtxModule Module => module;

    /// <summary>Function names in the order of their handles.</summary>
    public IReadOnlyList<string> FunctionNames { get; } = [.. module.Functions.Keys];

    /// <summary>A prepared function.</summary>
    /// <exception cref="PtxException">It uses something unsupported, or is not defined.</exception>
    public Program Program(string name, PtxInstruction? caller = null)
    {
        if (!module.Functions.TryGetValue(name, out PtxFunction? function) || !function.HasBody)
            throw caller?.Refuse($"function '{name}' is not defined in the module.") ?? new PtxException($"function '{name}' is not defined in the module.", 0);
        return _programs.GetOrAdd(name, _ => new Lazy<Program>(() => FunctionLowering.Lower(module, function))).Value;
    }

    /// <summary>A function and its possible callees.</summary>
    public IReadOnlyList<Program> Reachable(string name)
    {
        var found = new List<Program>();
        var open = new Stack<string>([name]);
        var seen = new HashSet<string> { name };
        while (open.TryPop(out string? next))
        {
            Program program = Program(next);
            found.Add(program);
            foreach (CodeBlock block in program.Blocks)
                if (block.Call?.Function is { } callee && seen.Add(callee)) open.Push(callee);
            foreach (FrameConstant constant in program.Constants)
                if (constant.Kind == FrameConstantKind.Function && seen.Add(constant.Symbol!)) open.Push(constant.Symbol!);
        }
        return found;
    }

    /// <summary>Compiles the blocks of functions, where the runtime can.</summary>
    public static void Compile(IEnumerable<Program> programs)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported) return;
        foreach (Program program in programs)
            foreach (CodeBlock block in program.Blocks)
                Compile(block);
    }

    [UnconditionalSuppressMessage("AOT", "IL3050:RequiresDynamicCode", Justification = "Called only where the runtime says that it can compile.")]
    private static void Compile(CodeBlock block)
    {
        if (block.Body is null && block.Operations.Length > 0) block.Body = BodyEmitter.Compile(block.Operations);
    }
}
