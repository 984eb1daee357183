using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>add, sub, mul.lo, mad.lo, min, max, abs, neg on integers, whole vectors at a time; sixteen bits are kept zero-extended.</summary>
internal static class IntegerArithmetic
{
    /// <summary>add, sub.</summary>
    public static void AddSubtract(PtxInstruction i, FunctionLowering context)
    {
        bool isAdd = i.Opcode == "add";
        if (i.Has("sat"))
        {
            if (i.Type != PtxType.S32) throw i.Refuse(".sat works on s32 only.");
            LowerBinary(i, context, isAdd ? LaneFunction2.Scalar<AddSaturated>() : LaneFunction2.Scalar<SubtractSaturated>());
            return;
        }
        LowerBinary(i, context, (i.Type, isAdd) switch
        {
            (PtxType.U16 or PtxType.S16, true) => LaneFunction2.Vector32<Low16<Add>>(),
            (PtxType.U16 or PtxType.S16, false) => LaneFunction2.Vector32<Low16<Subtract>>(),
            (PtxType.U16x2 or PtxType.S16x2, true) => LaneFunction2.Vector32<AddPairs>(),
            (PtxType.U16x2 or PtxType.S16x2, false) => LaneFunction2.Vector32<SubtractPairs>(),
            (PtxType.U32 or PtxType.S32, true) => LaneFunction2.Vector32<Add>(),
            (PtxType.U32 or PtxType.S32, false) => LaneFunction2.Vector32<Subtract>(),
            (PtxType.U64 or PtxType.S64, true) => LaneFunction2.Vector64<Add64>(),
            (PtxType.U64 or PtxType.S64, false) => LaneFunction2.Vector64<Subtract64>(),
            _ => throw i.Refuse("the type is not supported."),
        });
    }

    /// <summary>min, max on integers.</summary>
    public static void MinMax(PtxInstruction i, FunctionLowering context)
    {
        bool isMin = i.Opcode == "min";
        LaneFunction2 function = (i.Type, isMin) switch
        {
            (PtxType.U16 or PtxType.U32, true) => LaneFunction2.Vector32<MinUnsigned>(),
            (PtxType.U16 or PtxType.U32, false) => LaneFunction2.Vector32<MaxUnsigned>(),
            (PtxType.S32, true) => LaneFunction2.Vector32<MinSigned>(),
            (PtxType.S32, false) => LaneFunction2.Vector32<MaxSigned>(),
            (PtxType.S16, true) => LaneFunction2.Vector32<Signed16<MinSigned>>(),
            (PtxType.S16, false) => LaneFunction2.Vector32<Signed16<MaxSigned>>(),
            (PtxType.S16x2, true) => LaneFunction2.Vector32<MinPairsSigned>(),
            (PtxType.S16x2, false) => LaneFunction2.Vector32<MaxPairsSigned>(),
            (PtxType.U16x2, true) => LaneFunction2.Vector32<MinPairsUnsigned>(),
            (PtxType.U16x2, false) => LaneFunction2.Vector32<MaxPairsUnsigned>(),
            (PtxType.U64, true) => LaneFunction2.Vector64<MinUnsigned64>(),
            (PtxType.U64, false) => LaneFunction2.Vector64<MaxUnsigned64>(),
            (PtxType.S64, true) => LaneFunction2.Vector64<MinSigned64>(),
            (PtxType.S64, false) => LaneFunction2.Vector64<MaxSigned64>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        LowerBinary(i, context, function);
        if (!i.Has("relu")) return;
        int d = context.Destination(i, 0, FunctionLowering.LaneBits(i.Type)), zero = context.Constant(0, 32);
        context.Add(new BinaryOperation(
            i.Type == PtxType.S16x2 ? LaneFunction2.Vector32<MaxPairsSigned>() : LaneFunction2.Vector32<MaxSigned>(), d, d, zero));
    }

    /// <summary>abs, neg on integers.</summary>
    public static void AbsoluteNegate(PtxInstruction i, FunctionLowering context)
    {
        LaneFunction1 function = (i.Type, i.Opcode == "abs") switch
        {
            (PtxType.S16, true) => LaneFunction1.Vector32<Absolute16>(),
            (PtxType.S32, true) => LaneFunction1.Vector32<Absolute>(),
            (PtxType.S64, true) => LaneFunction1.Vector64<Absolute64>(),
            (PtxType.S16, false) => LaneFunction1.Vector32<Negate16>(),
            (PtxType.S32, false) => LaneFunction1.Vector32<Negate>(),
            (PtxType.S64, false) => LaneFunction1.Vector64<Negate64>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        context.Add(new UnaryOperation(function, context.Destination(i, 0, FunctionLowering.LaneBits(i.Type)), context.Source(i, 1, i.Type)));
    }

    private static void LowerBinary(PtxInstruction i, FunctionLowering context, LaneFunction2 function) => context.Add(new BinaryOperation(
        function, context.Destination(i, 0, FunctionLowering.LaneBits(i.Type)), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));

    internal readonly struct Add : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => a + b;
    }

    internal readonly struct Subtract : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => a - b;
    }

    internal readonly struct Add64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => a + b;
    }

    internal readonly struct Subtract64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => a - b;
    }

    internal readonly struct AddPairs : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => (a.AsUInt16() + b.AsUInt16()).AsUInt32();
    }

    internal readonly struct SubtractPairs : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => (a.AsUInt16() - b.AsUInt16()).AsUInt32();
    }

    internal readonly struct AddSaturated : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)(int)Math.Clamp((long)(int)a + (int)b, int.MinValue, int.MaxValue);
    }

    internal readonly struct SubtractSaturated : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)(int)Math.Clamp((long)(int)a - (int)b, int.MinValue, int.MaxValue);
    }

    /// <summary>The lower sixteen bits of a result.</summary>
    internal readonly struct Low16<TOperator> : IVector2<uint>
        where TOperator : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => TOperator.Invoke(a, b) & Vector512.Create(0xFFFFu);
    }

    /// <summary>An operator of signed numbers on sixteen bits.</summary>
    internal readonly struct Signed16<TOperator> : IVector2<uint>
        where TOperator : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            TOperator.Invoke(Extend(a), Extend(b)) & Vector512.Create(0xFFFFu);
    }

    /// <summary>Sixteen bits sign-extended to 32.</summary>
    internal static Vector512<uint> Extend(Vector512<uint> a) => ((a << 16).AsInt32() >> 16).AsUInt32();

    internal readonly struct MinUnsigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Min(a, b);
    }

    internal readonly struct MaxUnsigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Max(a, b);
    }

    internal readonly struct MinSigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Min(a.AsInt32(), b.AsInt32()).AsUInt32();
    }

    internal readonly struct MaxSigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Max(a.AsInt32(), b.AsInt32()).AsUInt32();
    }

    internal readonly struct MinUnsigned64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.Min(a, b);
    }

    internal readonly struct MaxUnsigned64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.Max(a, b);
    }

    internal readonly struct MinSigned64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.Min(a.AsInt64(), b.AsInt64()).AsUInt64();
    }

    internal readonly struct MaxSigned64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.Max(a.AsInt64(), b.AsInt64()).AsUInt64();
    }

    internal readonly struct MinPairsSigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Min(a.AsInt16(), b.AsInt16()).AsUInt32();
    }

    internal readonly struct MaxPairsSigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Max(a.AsInt16(), b.AsInt16()).AsUInt32();
    }

    internal readonly struct MinPairsUnsigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Min(a.AsUInt16(), b.AsUInt16()).AsUInt32();
    }

    internal readonly struct MaxPairsUnsigned : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Max(a.AsUInt16(), b.AsUInt16()).AsUInt32();
    }

    internal readonly struct Absolute : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Vector512.Abs(a.AsInt32()).AsUInt32();
    }

    internal readonly struct Absolute16 : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Vector512.Abs(Extend(a).AsInt32()).AsUInt32() & Vector512.Create(0xFFFFu);
    }

    internal readonly struct Absolute64 : IVector1<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a) => Vector512.Abs(a.AsInt64()).AsUInt64();
    }

    internal readonly struct Negate : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Vector512<uint>.Zero - a;
    }

    internal readonly struct Negate16 : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => (Vector512<uint>.Zero - a) & Vector512.Create(0xFFFFu);
    }

    internal readonly struct Negate64 : IVector1<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a) => Vector512<ulong>.Zero - a;
    }
}
