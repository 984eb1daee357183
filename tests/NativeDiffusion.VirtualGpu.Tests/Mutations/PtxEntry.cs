using NativeDiffusion.VirtualGpu.Analysis;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>A kernel's instructions with their text and data dependencies.</summary>
internal sealed class PtxEntry
{
    private readonly string[] _lines;
    private readonly ILookup<PtxRegister, PtxInstruction> _definitions;
    private readonly List<PtxRegister> _registers = [];

    public PtxEntry(PtxFunction function, string[] lines)
    {
        (Function, _lines) = (function, lines);
        _definitions = Instructions.SelectMany(Definitions).ToLookup(one => one.Register, one => one.Instruction);
    }

    public PtxFunction Function { get; }

    public IReadOnlyList<PtxInstruction> Instructions => Function.Instructions;

    /// <summary>All kernels of a text.</summary>
    public static IReadOnlyList<PtxEntry> All(string ptx)
    {
        string[] lines = ptx.Split('\n');
        return [.. PtxModule.Parse(
            ptx).Functions.Values.Where(function => function.IsEntry).OrderBy(function => function.Line).Select(function => new PtxEntry(function, lines))];
    }

    /// <summary>The line of the instruction.</summary>
    public string Text(PtxInstruction instruction) => _lines[instruction.Line - 1].Trim();

    /// <summary>A fault that replaces an instruction.</summary>
    public Mutation Replace(MutationClass kind, PtxInstruction instruction, string after) =>
        new(kind, Function.Name, instruction.Line, Text(instruction), after);

    /// <summary>The instructions that define a register.</summary>
    public IEnumerable<PtxInstruction> Definitions(PtxRegister register) => _definitions[register];

    /// <summary>The backward slice of an operand: instructions, over all paths and loop iterations, in the order of the text.</summary>
    public IReadOnlyList<PtxInstruction> Sources(IEnumerable<PtxOperand> operands)
    {
        var found = new HashSet<PtxInstruction>();
        var open = new Queue<PtxRegister>(operands.SelectMany(Registers));
        var seen = new HashSet<PtxRegister>();
        while (open.TryDequeue(out PtxRegister? register))
        {
            if (!seen.Add(register)) continue;
            foreach (PtxInstruction instruction in _definitions[register].Where(found.Add))
            {
                Opcodes.Uses(instruction, _registers);
                foreach (PtxRegister used in _registers) open.Enqueue(used);
            }
        }
        return [.. found.OrderBy(instruction => instruction.Line)];
    }

    private IEnumerable<(PtxRegister Register, PtxInstruction Instruction)> Definitions(PtxInstruction instruction)
    {
        Opcodes.Definitions(instruction, _registers);
        return [.. _registers.Select(register => (register, instruction))];
    }

    private static IEnumerable<PtxRegister> Registers(PtxOperand operand) => operand switch
    {
        PtxOperand.Register register => [register.Value],
        PtxOperand.Address address => Registers(address.Base),
        _ => [],
    };
}
