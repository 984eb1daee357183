using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Execution.Access;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>ld, ldu, st, prefetch, cvta, isspacep. Cache hints are ignored.</summary>
internal static class LoadsAndStores
{
    public static void Load(PtxInstruction i, FunctionLowering context)
    {
        IReadOnlyList<PtxOperand> elements = Elements(i, FunctionLowering.At(i, 0));
        PtxType type = i.Type;
        RegisterPlace[] results = [.. elements.Select(element => Result(i, context, element, type))];
        PtxOperand.Address address = Address(i, 1);
        if (Space(i, address) == StateSpace.Param && FunctionParameter(context, address) is { } parameter)
        {
            context.Add(new ParameterOperation(parameter, (int)address.Offset, type.Bytes(), results, type.IsSigned(), false));
            return;
        }
        MemoryOperand operand = Operand(i, context, address);
        Note(i, context, operand.Space, type.Bytes() * results.Length);
        context.Add(new LoadOperation(operand, type.Bytes(), results, type.IsSigned(), context.NextSite())
        {
            Strength = Strength(i),
            IsNonCoherent = i.Has("nc"),
            HasAcquire = i.Has("acquire"),
            IsWide = IsWide(i),
        });
    }

    public static void Store(PtxInstruction i, FunctionLowering context)
    {
        IReadOnlyList<PtxOperand> elements = Elements(i, FunctionLowering.At(i, 1));
        PtxType type = i.Type;
        RegisterPlace[] sources = [.. elements.Select(element => Argument(i, context, element, type))];
        PtxOperand.Address address = Address(i, 0);
        if (Space(i, address) == StateSpace.Param && FunctionParameter(context, address) is { } parameter)
        {
            context.Add(new ParameterOperation(parameter, (int)address.Offset, type.Bytes(), sources, false, true));
            return;
        }
        MemoryOperand operand = Operand(i, context, address);
        Note(i, context, operand.Space, type.Bytes() * sources.Length);
        context.Add(new StoreOperation(operand, type.Bytes(), sources, context.NextSite())
        {
            Strength = Strength(i),
            HasRelease = i.Has("release"),
            IsWide = IsWide(i),
        });
    }

    /// <summary>prefetch, prefetchu, applypriority, discard: no effect on results.</summary>
    public static void Nothing(PtxInstruction i, FunctionLowering context)
    {
    }

    /// <summary>cvta, both ways.</summary>
    public static void ConvertAddress(PtxInstruction i, FunctionLowering context)
    {
        StateSpace space = NamedSpace(i);
        int bits = FunctionLowering.LaneBits(i.Type);
        if (bits != 64) throw i.Refuse("generic addresses have 64 bits.");
        int d = context.Destination(i, 0, 64), a = context.Source(i, 1, PtxType.B64);
        ulong window = Window(space);
        if (i.Has("to")) window = 0 - window;
        context.Add(new BinaryOperation(LaneFunction2.Vector64<IntegerArithmetic.Add64>(), d, a, context.Constant(window, 64)));
    }

    /// <summary>isspacep: whether a generic address lies in a window.</summary>
    public static void IsSpace(PtxInstruction i, FunctionLowering context) => context.Add(new WindowOperation(
        NamedSpace(i), context.PredicateDestination(i, FunctionLowering.At(i, 0)), context.Source(i, 1, PtxType.B64)));

    /// <summary>An address operand, prepared for a memory operation.</summary>
    public static MemoryOperand Operand(PtxInstruction i, FunctionLowering context, PtxOperand.Address address)
    {
        StateSpace space = Space(i, address);
        switch (address.Base)
        {
            case PtxOperand.Register register:
                if (register.Value.Type == PtxType.Pred) throw i.Refuse("a predicate is not an address.");
                return new MemoryOperand(space, context.Place(register.Value), register.Value.LaneBits == 64, address.Offset);
            case PtxOperand.Symbol symbol:
                return new MemoryOperand(space, context.Source(i, symbol, PtxType.B64), true, address.Offset);
            case PtxOperand.Immediate immediate:
                return new MemoryOperand(space, context.Constant(immediate.Bits, 64), true, address.Offset);
            default:
                throw i.Refuse($"'{address}' is not an address.");
        }
    }

    /// <summary>The address operand at the index.</summary>
    public static PtxOperand.Address Address(PtxInstruction i, int index) =>
        FunctionLowering.At(i, index) as PtxOperand.Address ?? throw i.Refuse($"operand {index + 1} must be an address.");

    /// <summary>Records the narrowest access, and which accesses may be flags between blocks.</summary>
    public static void Note(PtxInstruction i, FunctionLowering context, StateSpace space, int bytes)
    {
        bool hasFence = i.Has("acquire") || i.Has("release") || i.Has("acq_rel");
        context.HasPartialOrder |= hasFence;
        if (space is StateSpace.Shared or StateSpace.Generic) context.NoteSharedAccess(bytes);
        if (space is not (StateSpace.Global or StateSpace.Generic)) return;
        context.NoteGlobalAccess(bytes);
        if (Strength(i) != AccessStrength.Weak) context.HasGlobalFlags = true;
        if (IsWide(i) && hasFence) context.HasGlobalFences = true;
    }

    public static AccessStrength Strength(PtxInstruction i) => i.Opcode is "atom" or "red" ? AccessStrength.Atomic
        : i.Has("volatile") || i.Has("relaxed") || i.Has("acquire") || i.Has("release") || i.Has("mmio") ? AccessStrength.Strong : AccessStrength.Weak;

    /// <summary>True for gpu or sys scope.</summary>
    public static bool IsWide(PtxInstruction i) => i.Has("gpu") || i.Has("sys") || i.Has("gl") || (!i.Has("cta") && !i.Has("cluster"));

    private static IReadOnlyList<PtxOperand> Elements(PtxInstruction i, PtxOperand operand)
    {
        IReadOnlyList<PtxOperand> elements = FunctionLowering.Elements(operand);
        int wanted = i.Has("v2") ? 2 : i.Has("v4") ? 4 : i.Has("v8") ? 8 : 1;
        return elements.Count == wanted ? elements : throw i.Refuse($"expected {wanted} registers, found {elements.Count}.");
    }

    private static RegisterPlace Result(PtxInstruction i, FunctionLowering context, PtxOperand element, PtxType type)
    {
        if (element is PtxOperand.Sink) return new RegisterPlace(-1, 32);
        if (element is not PtxOperand.Register { IsNegated: false } register || register.Value.Type == PtxType.Pred) throw i.Refuse(
            $"'{element}' cannot take a result.");
        int bits = register.Value.Type.Bits();
        if (bits < type.Bits()) throw i.Refuse($"register '{register.Value.Name}' has {bits} bits, {type.Bits()} are loaded.");
        return new RegisterPlace(context.Place(register.Value), Math.Max(bits, 16));
    }

    private static RegisterPlace Argument(PtxInstruction i, FunctionLowering context, PtxOperand element, PtxType type)
    {
        if (element is not PtxOperand.Register register) return new RegisterPlace(context.Source(i, element, type), FunctionLowering.LaneBits(type));
        int bits = register.Value.Type.Bits();
        if (register.Value.Type == PtxType.Pred || bits < type.Bits()) throw i.Refuse(
            $"register '{register.Value.Name}' has {bits} bits, {type.Bits()} are stored.");
        return new RegisterPlace(context.Place(register.Value), register.Value.LaneBits);
    }

    /// <summary>The space that a modifier names; generic without one.</summary>
    private static StateSpace NamedSpace(PtxInstruction i)
    {
        foreach (string modifier in i.Modifiers)
        {
            switch (modifier)
            {
                case "global":
                    return StateSpace.Global;
                case "shared" or "shared::cta":
                    return StateSpace.Shared;
                case "shared::cluster":
                    throw i.Refuse("clusters are not supported: a block sees its own shared memory only.");
                case "local":
                    return StateSpace.Local;
                case "const":
                    return StateSpace.Const;
                case "param" or "param::entry" or "param::func":
                    return StateSpace.Param;
                default:
                    break;
            }
        }
        return StateSpace.Generic;
    }

    private static StateSpace Space(PtxInstruction i, PtxOperand.Address address)
    {
        StateSpace named = NamedSpace(i);
        // The variable determines the space if the instruction does not.
        if (named == StateSpace.Generic && address.Base is PtxOperand.Symbol symbol
            && symbol.Scope.FindVariable(symbol.Name) is { } variable) return variable.Space;
        return named;
    }

    private static ParameterPlace? FunctionParameter(FunctionLowering context, PtxOperand.Address address) =>
        address.Base is PtxOperand.Symbol symbol && symbol.Scope.FindVariable(symbol.Name) is { } variable ? context.FindParameter(variable) : null;

    private static ulong Window(StateSpace space) => space switch
    {
        StateSpace.Shared => Windows.Shared,
        StateSpace.Local => Windows.Local,
        StateSpace.Param => Windows.Param,
        _ => 0,
    };
}
