using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>Operands: each becomes a place in the frame.</summary>
internal sealed partial class FunctionLowering
{
    private int? _scratch32;
    private int? _scratch64;

    /// <summary>Place of a register.</summary>
    public int Place(PtxRegister register) => _layout[register];

    /// <summary>Place of the carry flag.</summary>
    public int Carry => _layout[_carry!];

    /// <summary>Place of a result of so many bits a lane (32 for narrower types); a sink gets a place that is never read.</summary>
    public int Destination(PtxInstruction instruction, PtxOperand operand, int laneBits)
    {
        if (operand is PtxOperand.Sink) return Scratch(laneBits);
        if (operand is not PtxOperand.Register { IsNegated: false } register) throw instruction.Refuse($"'{operand}' cannot hold a result.");
        CheckWidth(instruction, register.Value, laneBits);
        return _layout[register.Value];
    }

    public int Destination(PtxInstruction instruction, int index, int laneBits) => Destination(instruction, At(instruction, index), laneBits);

    /// <summary>Place of a predicate that is written.</summary>
    public int PredicateDestination(PtxInstruction instruction, PtxOperand operand)
    {
        if (operand is PtxOperand.Sink) return Scratch(32);
        if (operand is PtxOperand.Register { IsNegated: false, Value.Type: PtxType.Pred } register) return _layout[register.Value];
        throw instruction.Refuse($"'{operand}' is not a writable predicate.");
    }

    /// <summary>Place of a source of the type.</summary>
    public int Source(PtxInstruction instruction, PtxOperand operand, PtxType type)
    {
        int bits = LaneBits(type);
        switch (operand)
        {
            case PtxOperand.Register { IsNegated: false } register:
                CheckWidth(instruction, register.Value, bits);
                return _layout[register.Value];
            case PtxOperand.Immediate immediate:
                return Constant(Truncate(PtxParser.Bits(immediate, type), type), bits);
            case PtxOperand.Special special:
                return Special(instruction, special, bits);
            case PtxOperand.Symbol symbol:
                return SymbolPlace(instruction, symbol, bits);
            default:
                throw instruction.Refuse($"'{operand}' is not a valid source operand.");
        }
    }

    public int Source(PtxInstruction instruction, int index, PtxType type) => Source(instruction, At(instruction, index), type);

    /// <summary>Place of a predicate that is read, and whether it is read negated.</summary>
    public (int Place, bool IsNegated) Predicate(PtxInstruction instruction, PtxOperand operand) => operand switch
    {
        PtxOperand.Register { Value.Type: PtxType.Pred } register => (_layout[register.Value], register.IsNegated),
        PtxOperand.Immediate immediate => (Constant(immediate.Bits == 0 ? 0u : uint.MaxValue, 32), false),
        _ => throw instruction.Refuse($"'{operand}' is not a predicate."),
    };

    /// <summary>Places of the elements of a vector operand, or of the operand itself.</summary>
    public static IReadOnlyList<PtxOperand> Elements(PtxOperand operand) => operand is PtxOperand.Vector vector ? vector.Elements : [operand];

    /// <summary>The operand at the index.</summary>
    public static PtxOperand At(PtxInstruction instruction, int index) =>
        index < instruction.Operands.Count ? instruction.Operands[index] : throw instruction.Refuse($"operand {index + 1} is missing.");

    /// <summary>An operand that must be a constant.</summary>
    public static long Immediate(PtxInstruction instruction, int index) =>
        At(instruction, index) is PtxOperand.Immediate { Kind: ImmediateKind.Integer } immediate
            ? (long)immediate.Bits
            : throw instruction.Refuse($"operand {index + 1} must be a constant.");

    /// <summary>Place of 32 lanes with the same value.</summary>
    public int Constant(ulong value, int laneBits) => Constant(FrameConstantKind.Literal, laneBits == 64 ? value : (uint)value, null, laneBits);

    public int Constant(FrameConstantKind kind, ulong value, string? symbol, int laneBits)
    {
        if (_constants.TryGetValue((kind, value, symbol, laneBits), out int place)) return place;
        place = Reserve(laneBits == 64 ? 256 : 128);
        _constants.Add((kind, value, symbol, laneBits), place);
        _constantList.Add(new FrameConstant(place, laneBits, kind, value, symbol));
        return place;
    }

    public static int LaneBits(PtxType type) => type.Bits() switch { 64 => 64, 128 => 128, _ => 32 };

    /// <summary>A temporary of 32-bit lanes for the operations of one instruction.</summary>
    public int Temporary() => Reserve(128);

    /// <summary>A temporary predicate for the operations of one instruction.</summary>
    public int TemporaryPredicate() => Reserve(4);

    private int Scratch(int laneBits) => laneBits switch
    {
        64 => _scratch64 ??= Reserve(256),
        _ => _scratch32 ??= Reserve(128),
    };

    private static ulong Truncate(ulong bits, PtxType type) => type.Bits() switch
    {
        8 => (byte)bits,
        16 => (ushort)bits,
        64 => bits,
        _ => (uint)bits,
    };

    private static void CheckWidth(PtxInstruction instruction, PtxRegister register, int laneBits)
    {
        if (register.Type == PtxType.Pred) throw instruction.Refuse($"predicate '{register.Name}' cannot be an operand here.");
        if (register.LaneBits != laneBits)
            throw instruction.Refuse($"register '{register.Name}' has {register.Type.Bits()} bits, expected {laneBits}.");
    }

    private int SymbolPlace(PtxInstruction instruction, PtxOperand.Symbol symbol, int laneBits)
    {
        if (_module.Functions.ContainsKey(symbol.Name)) return Constant(FrameConstantKind.Function, 0, symbol.Name, laneBits);
        PtxVariable variable = symbol.Scope.FindVariable(symbol.Name) ?? throw instruction.Refuse($"'{symbol.Name}' is not declared.");
        return SymbolPlace(instruction, variable, symbol.Offset, laneBits);
    }

    /// <summary>Place of a variable's address within its space.</summary>
    public int SymbolPlace(PtxInstruction instruction, PtxVariable variable, long offset, int laneBits)
    {
        if (_locals.TryGetValue(variable, out int local)) return Constant(FrameConstantKind.Local, (ulong)(local + offset), null, laneBits);
        if (variable.Space != StateSpace.Param) return Constant(FrameConstantKind.Symbol, (ulong)offset, SymbolName(variable), laneBits);
        if (!_function.IsEntry) throw instruction.Refuse($"the address of '{variable.Name}', a function's parameter, cannot be taken.");
        return Constant((ulong)(ParameterOffset(variable) + offset), laneBits);
    }

    /// <summary>The name of a variable in symbol resolution: those of functions carry the function's.</summary>
    private string SymbolName(PtxVariable variable) =>
        _function.Variables.Contains(variable) ? _function.Name + "." + variable.Name : variable.Name;
}
