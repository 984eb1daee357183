using System.Buffers.Binary;

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Variables: declarations, initialisers, parameters.</summary>
internal sealed partial class PtxParser
{
    private const long MaxBytes = 1L << 32;

    private void ModuleVariable(Token space, bool isExtern)
    {
        foreach (PtxVariable variable in Variables(Space(space), isExtern))
        {
            if (!_module.Variables.TryAdd(variable.Name, variable) && !isExtern)
                throw new PtxException($"'{variable.Name}' is declared twice.", variable.Line);
            _module.Scope.Variables[variable.Name] = variable;
        }
    }

    /// <summary>The maximum size of a variable in a space: for the private memory of a kernel or thread, more than any device has.</summary>
    private static long Most(StateSpace space) => space switch { StateSpace.Global or StateSpace.Const => MaxBytes, StateSpace.Param => 1 << 15, _ => 1 << 24 };

    private static StateSpace Space(Token word) => word.Text switch
    {
        "global" => StateSpace.Global,
        "const" => StateSpace.Const,
        "shared" => StateSpace.Shared,
        "local" => StateSpace.Local,
        _ => StateSpace.Param,
    };

    /// <summary>The rest of a declaration after its state space, through the semicolon.</summary>
    private List<PtxVariable> Variables(StateSpace space, bool isExtern)
    {
        var variables = new List<PtxVariable>();
        (PtxType type, int alignment, int vector) = TypePrefix();
        do variables.Add(Variable(space, type, alignment, vector, isExtern));
        while (TryTake(','));
        Expect(';');
        return variables;
    }

    /// <summary>Alignment, vector width and type in any order, and .ptr with its own modifiers, which do not affect a launch.</summary>
    private (PtxType Type, int Alignment, int Vector) TypePrefix()
    {
        int alignment = 0, vector = 1;
        PtxType type = PtxType.None;
        bool isPointer = false;
        while (Current.Kind == TokenKind.DotWord)
        {
            Token word = _tokens[_at++];
            switch (word.Text)
            {
                case "align":
                    long value = Integer("an alignment");
                    if (value is < 1 or > 1024 || (value & (value - 1)) != 0) throw new PtxException(
                        $"{value} is not a valid alignment; expected a power of two up to 1024.", word.Line);
                    // After .ptr it applies to the pointee.
                    if (!isPointer) alignment = (int)value;
                    break;
                case "v2" or "v4" or "v8":
                    vector = word.Text[1] - '0';
                    break;
                case "ptr":
                    isPointer = true;
                    break;
                case "global" or "const" or "shared" or "local" when isPointer:
                    break;
                case "attribute":
                    Expect('(');
                    while (!TryTake(')'))
                    {
                        if (Current.Kind == TokenKind.End) throw Wrong("')'");
                        _at++;
                    }
                    break;
                default:
                    type = PtxTypes.Parse(word.Text);
                    if (type == PtxType.None) throw new PtxException($"'.{word.Text}' is not a valid variable type here.", word.Line);
                    break;
            }
        }
        return type == PtxType.None ? throw Wrong("a type") : (type, alignment, vector);
    }

    private PtxVariable Variable(StateSpace space, PtxType type, int alignment, int vector, bool isExtern)
    {
        Token name = Take(TokenKind.Identifier, "a variable's name");
        int element = type.Bytes() * vector;
        long count = 1;
        bool isUnsized = false;
        while (TryTake('['))
        {
            if (TryTake(']'))
            {
                isUnsized = true;
                continue;
            }
            long length = Integer("an array's length");
            if (length < 0 || (length > 0 && count > MaxBytes / length)) throw new PtxException($"'{name.Text}' has too many elements.", name.Line);
            count *= length;
            Expect(']');
        }
        byte[] initial = [];
        var relocations = new List<PtxRelocation>();
        if (TryTake('=')) initial = Initializer(type, relocations);
        if (isUnsized) count = isExtern && initial.Length == 0 ? 0 : (initial.Length + element - 1) / element;
        if (count > Most(space) / element) throw new PtxException(
            $"'{name.Text}' exceeds the maximum of {Most(space)} bytes for a variable in .{space.ToString().ToLowerInvariant()}.", name.Line);
        var variable = new PtxVariable(
            name.Text, space, type, alignment == 0 ? element : alignment, count * element, isExtern, name.Line)
        { Initial = initial };
        if (initial.Length > variable.Size) throw new PtxException($"'{name.Text}' has {variable.Size} bytes, its initialiser {initial.Length}.", name.Line);
        variable.Relocations.AddRange(relocations);
        return variable;
    }

    private byte[] Initializer(PtxType type, List<PtxRelocation> relocations)
    {
        var bytes = new List<byte>();
        Values(type, bytes, relocations);
        return [.. bytes];
    }

    private void Values(PtxType type, List<byte> bytes, List<PtxRelocation> relocations)
    {
        if (TryTake('{'))
        {
            if (TryTake('}')) return;
            Enter();
            do Values(type, bytes, relocations);
            while (TryTake(','));
            Leave();
            Expect('}');
            return;
        }
        int size = type.Bytes();
        if (Current.Kind == TokenKind.Identifier && Current.Text != "WARP_SZ")
        {
            relocations.Add(Relocation(bytes.Count, size));
            bytes.AddRange(new byte[size]);
            return;
        }
        PtxOperand.Immediate constant = Constant("a value");
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(value, Bits(constant, type));
        bytes.AddRange(value[..size]);
    }

    private PtxRelocation Relocation(int offset, int size)
    {
        string name = Take(TokenKind.Identifier, "a symbol").Text;
        bool isGeneric = name == "generic";
        if (isGeneric)
        {
            Expect('(');
            name = Take(TokenKind.Identifier, "a symbol").Text;
            Expect(')');
        }
        long addend = 0;
        if (TryTake('+')) addend = Integer("an offset");
        else if (TryTake('-')) addend = -Integer("an offset");
        return new PtxRelocation(offset, size, name, addend, isGeneric);
    }

    /// <summary>A constant's bits as a value of the type.</summary>
    internal static ulong Bits(PtxOperand.Immediate constant, PtxType type) => (constant.Kind, type) switch
    {
        (ImmediateKind.DoubleBits, PtxType.F32 or PtxType.B32) => BitConverter.SingleToUInt32Bits((float)BitConverter.UInt64BitsToDouble(constant.Bits)),
        (ImmediateKind.DoubleBits, PtxType.F16) => BitConverter.HalfToUInt16Bits((Half)BitConverter.UInt64BitsToDouble(constant.Bits)),
        (ImmediateKind.SingleBits, PtxType.F64) => BitConverter.DoubleToUInt64Bits(BitConverter.UInt32BitsToSingle((uint)constant.Bits)),
        _ => constant.Bits,
    };

    private List<PtxVariable> Parameters()
    {
        var parameters = new List<PtxVariable>();
        Expect('(');
        if (TryTake(')')) return parameters;
        do
        {
            Token space = Take(TokenKind.DotWord, ".param");
            if (space.Text != "param") throw new PtxException(
                $"parameters in '.{space.Text}' are not supported; the compilers pass them in .param.", space.Line);
            (PtxType type, int alignment, int vector) = TypePrefix();
            parameters.Add(Variable(StateSpace.Param, type, alignment, vector, false));
        }
        while (TryTake(','));
        Expect(')');
        return parameters;
    }
}
