using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>What the opcode alone determines about control flow and registers.</summary>
internal static class Opcodes
{
    /// <summary>True if the instruction synchronises lanes: barriers, and everything with a member mask or .aligned.</summary>
    public static bool IsRendezvous(PtxInstruction instruction) => instruction.Opcode switch
    {
        "bar" or "barrier" or "ldmatrix" or "stmatrix" or "movmatrix" or "mma" or "wmma" => true,
        "shfl" or "vote" or "match" or "redux" or "elect" => instruction.Has("sync"),
        _ => false,
    };

    /// <summary>True for instructions that end a block.</summary>
    public static bool IsControl(PtxInstruction instruction) => instruction.Opcode is "bra" or "brx" or "ret" or "exit" or "call";

    /// <summary>True for an indirect call.</summary>
    public static bool IsIndirectCall(PtxInstruction instruction) =>
        instruction.Opcode == "call" && instruction.Operands.Any(operand => operand is PtxOperand.Register);

    /// <summary>True if the guard is a step of control flow of its own.</summary>
    public static bool HasGuardAsBranch(PtxInstruction instruction) =>
        instruction.Guard is not null && (instruction.Opcode is "call" or "brx" || IsRendezvous(instruction));

    /// <summary>True where the first operand is written.</summary>
    private static bool HasDestination(PtxInstruction instruction)
    {
        if (instruction.Operands.Count == 0 || instruction.Operands[0] is PtxOperand.Address or PtxOperand.List) return false;
        return instruction.Opcode switch
        {
            "bra" or "brx" or "nanosleep" or "ret" or "exit" or "call" or "pmevent" or "setmaxnreg" or "stackrestore" or "trap" or "cp" => false,
            "bar" or "barrier" => instruction.Has("red"),
            _ => true,
        };
    }

    /// <summary>True if an instruction writes the carry flag.</summary>
    public static bool WritesCarry(PtxInstruction instruction) => instruction.Has("cc");

    /// <summary>True if an instruction reads the carry flag.</summary>
    public static bool ReadsCarry(PtxInstruction instruction) => instruction.Opcode is "addc" or "subc" or "madc";

    /// <summary>True if a result may share its place with a source: lane by lane, one result.</summary>
    public static bool IsLaneByLane(PtxInstruction instruction) => instruction.Opcode is "add" or "sub" or "mul" or "mad" or "fma" or "and" or "or" or "xor"
        or "not" or "shl" or "shr" or "mov" or "selp" or "min" or "max" or "abs" or "neg" or "cvt" or "lop3" or "prmt" or "div" or "rem" or "rcp" or "ex2"
            or "lg2"
        or "cvta" && instruction.Operands[0] is PtxOperand.Register && instruction.Operands[1] is not PtxOperand.Vector;

    /// <summary>Registers that the instruction writes.</summary>
    public static void Definitions(PtxInstruction instruction, List<PtxRegister> registers)
    {
        registers.Clear();
        if (HasDestination(instruction)) Collect(instruction.Operands[0], registers);
        // call (results), function, (arguments): results in registers are an old form, but a legal one.
        else if (instruction.Opcode == "call" && instruction.Operands.Count > 1 && instruction.Operands[0] is PtxOperand.List results) Collect(
            results, registers);
    }

    /// <summary>Registers that the instruction reads, its guard among them.</summary>
    public static void Uses(PtxInstruction instruction, List<PtxRegister> registers)
    {
        registers.Clear();
        if (instruction.Guard is not null) registers.Add(instruction.Guard);
        bool skipsFirst = HasDestination(instruction)
            || (instruction.Opcode == "call" && instruction.Operands.Count > 1 && instruction.Operands[0] is PtxOperand.List);
        for (int i = skipsFirst ? 1 : 0; i < instruction.Operands.Count; i++) Collect(instruction.Operands[i], registers);
    }

    private static void Collect(PtxOperand operand, List<PtxRegister> registers)
    {
        switch (operand)
        {
            case PtxOperand.Register register:
                registers.Add(register.Value);
                break;
            case PtxOperand.Address address:
                Collect(address.Base, registers);
                break;
            case PtxOperand.Vector vector:
                foreach (PtxOperand element in vector.Elements) Collect(element, registers);
                break;
            case PtxOperand.List list:
                foreach (PtxOperand element in list.Elements) Collect(element, registers);
                break;
            case PtxOperand.Pair pair:
                Collect(pair.First, registers);
                Collect(pair.Second, registers);
                break;
            default:
                break;
        }
    }
}
