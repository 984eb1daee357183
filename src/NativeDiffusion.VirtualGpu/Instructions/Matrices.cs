using NativeDiffusion.VirtualGpu.Execution.Access;
using NativeDiffusion.VirtualGpu.Execution.Matrix;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>mma.sync, ldmatrix, stmatrix, movmatrix.</summary>
internal static class Matrices
{
    public static void Multiply(PtxInstruction i, FunctionLowering context)
    {
        if (i.Has("sp") || i.Modifiers.Any(
            modifier => modifier.StartsWith("sp::", StringComparison.Ordinal) || modifier.StartsWith("block_scale", StringComparison.Ordinal)))
            throw i.Refuse("sparse and block-scaled products are not supported.");
        if (!i.Has("sync") || !i.Has("row") || !i.Has("col")) throw i.Refuse("only .sync.aligned with A row-major and B column-major is supported.");
        if (MatrixShape.Of(i) is not { } shape || shape.N != 8 || i.Types.Count != 4) throw i.Refuse("the shape or its types are not known.");
        PtxType typeD = i.Types[0], typeA = i.Types[1], typeB = i.Types[2], typeC = i.Types[3];
        if (typeA == PtxType.F64)
        {
            if (shape != new MatrixShape(8, 8, 4)) throw i.Refuse("f64 is supported as m8n8k4 only.");
            context.Add(new DoubleMmaOperation(
                Sources(i, context, 1, PtxType.F64, 1)[0], Sources(
                    i, context, 2, PtxType.F64, 1)[0], Sources(i, context, 3, PtxType.F64, 2), Results(i, context, 64, 2)));
            return;
        }
        ElementType a = Element(i, typeA), b = Element(i, typeB);
        Accumulator accumulator =
            typeD switch
            {
                PtxType.F32 => Accumulator.Single,
                PtxType.F16 =>
            Accumulator.Half,
                PtxType.S32 => Accumulator.Integer,
                _ => throw i.Refuse("the type of the sums is not known.")
            };
        if (typeC != typeD) throw i.Refuse("sums of two types are not supported.");
        bool isInteger = a >= ElementType.SignedByte;
        bool isKnown = isInteger ? shape.M is 8 or 16 && accumulator == Accumulator.Integer : shape.M == 16 && accumulator != Accumulator.Integer;
        if (!isKnown || !IsDepthKnown(a, shape.K)) throw i.Refuse("the shape is not known for its types.");
        int registersA = shape.M * shape.K / 32 / ElementDecoder.PerRegister(a), registersB = shape.K * 8 / 32 / ElementDecoder.PerRegister(b);
        int registersC = accumulator == Accumulator.Half ? 2 : shape.M * 8 / 32;
        context.Add(new MmaOperation(new MmaPlan(shape.M, shape.K, a, b, accumulator, i.Has("satfinite"))
        {
            PlacesA = Sources(i, context, 1, PtxType.B32, registersA),
            PlacesB = Sources(i, context, 2, PtxType.B32, registersB),
            PlacesC = Sources(i, context, 3, PtxType.B32, registersC),
            PlacesD = Results(i, context, 32, registersC),
        }));
    }

    private static bool IsDepthKnown(ElementType type, int depth) => ElementDecoder.PerRegister(type) switch
    {
        1 => depth is 4 or 8,
        2 => depth is 8 or 16,
        4 => depth is 16 or 32,
        _ => depth is 32 or 64,
    };

    public static void Load(PtxInstruction i, FunctionLowering context) => Move(i, context, 0, 1, false);

    public static void Store(PtxInstruction i, FunctionLowering context) => Move(i, context, 1, 0, true);

    public static void Transpose(PtxInstruction i, FunctionLowering context) =>
        context.Add(new MatrixTransposeOperation(context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B32)));

    private static void Move(PtxInstruction i, FunctionLowering context, int registers, int address, bool isStore)
    {
        if (!i.Has("m8n8") || !i.Has("b16")) throw i.Refuse("only 8x8 matrices of 16 bits are supported.");
        int count = i.Has("x4") ? 4 : i.Has("x2") ? 2 : 1;
        IReadOnlyList<PtxOperand> elements = FunctionLowering.Elements(FunctionLowering.At(i, registers));
        if (elements.Count != count) throw i.Refuse($"expected {count} registers, found {elements.Count}.");
        int[] places = [.. elements.Select(element => isStore ? context.Source(i, element, PtxType.B32) : context.Destination(i, element, 32))];
        MemoryOperand operand = LoadsAndStores.Operand(i, context, LoadsAndStores.Address(i, address));
        context.NoteSharedAccess(16);
        context.Add(new MatrixLoadOperation(operand, places, i.Has("trans"), isStore, context.NextSite()));
    }

    private static ElementType Element(PtxInstruction i, PtxType type) => type switch
    {
        PtxType.F16 => ElementType.Half,
        PtxType.BF16 => ElementType.BFloat16,
        PtxType.TF32 => ElementType.TensorFloat32,
        PtxType.E4M3 => ElementType.E4M3,
        PtxType.E5M2 => ElementType.E5M2,
        PtxType.S8 => ElementType.SignedByte,
        PtxType.U8 => ElementType.UnsignedByte,
        PtxType.S4 => ElementType.SignedNibble,
        PtxType.U4 => ElementType.UnsignedNibble,
        _ => throw i.Refuse($"factors of type {type} are not supported."),
    };

    private static int[] Sources(PtxInstruction i, FunctionLowering context, int index, PtxType type, int count)
    {
        IReadOnlyList<PtxOperand> elements = FunctionLowering.Elements(FunctionLowering.At(i, index));
        return elements.Count == count
            ? [.. elements.Select(element => context.Source(i, element, type))]
            : throw i.Refuse($"operand {index + 1} has {elements.Count} registers; its fragment has {count}.");
    }

    private static int[] Results(PtxInstruction i, FunctionLowering context, int bits, int count)
    {
        IReadOnlyList<PtxOperand> elements = FunctionLowering.Elements(FunctionLowering.At(i, 0));
        return elements.Count == count
            ? [.. elements.Select(element => context.Destination(i, element, bits))]
            : throw i.Refuse($"operand 1 has {elements.Count} registers; its fragment has {count}.");
    }
}
