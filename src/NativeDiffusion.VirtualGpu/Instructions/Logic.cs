using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>and, or, xor, not, cnot, lop3 on bits and predicates.</summary>
internal static class Logic
{
    /// <summary>and, or, xor.</summary>
    public static void Binary(PtxInstruction i, FunctionLowering context)
    {
        if (i.Type == PtxType.Pred)
        {
            (int a, bool isANegated) = context.Predicate(i, FunctionLowering.At(i, 1));
            (int b, bool isBNegated) = context.Predicate(i, FunctionLowering.At(i, 2));
            context.Add(new PredicateOperation(
                i.Opcode, context.PredicateDestination(i, FunctionLowering.At(i, 0)), a, isANegated, b, isBNegated));
            return;
        }
        bool is64 = i.Type.Bits() == 64;
        LaneFunction2 function = (i.Opcode, is64) switch
        {
            ("and", false) => LaneFunction2.Vector32<And>(),
            ("or", false) => LaneFunction2.Vector32<Or>(),
            ("xor", false) => LaneFunction2.Vector32<Xor>(),
            ("and", true) => LaneFunction2.Vector64<And64>(),
            ("or", true) => LaneFunction2.Vector64<Or64>(),
            _ => LaneFunction2.Vector64<Xor64>(),
        };
        context.Add(new BinaryOperation(function, context.Destination(i, 0, is64 ? 64 : 32), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
    }

    /// <summary>not, cnot.</summary>
    public static void Unary(PtxInstruction i, FunctionLowering context)
    {
        if (i.Type == PtxType.Pred)
        {
            (int a, bool isNegated) = context.Predicate(i, FunctionLowering.At(i, 1));
            context.Add(new PredicateOperation("mov", context.PredicateDestination(i, FunctionLowering.At(i, 0)), a, !isNegated, a, false));
            return;
        }
        bool is64 = i.Type.Bits() == 64;
        LaneFunction1 function = (i.Opcode, i.Type.Bits()) switch
        {
            ("not", 16) => LaneFunction1.Vector32<Not16>(),
            ("not", 64) => LaneFunction1.Vector64<Not64>(),
            ("not", _) => LaneFunction1.Vector32<Not>(),
            (_, 64) => LaneFunction1.Vector64<IsZero64>(),
            _ => LaneFunction1.Vector32<IsZero>(),
        };
        context.Add(new UnaryOperation(function, context.Destination(i, 0, is64 ? 64 : 32), context.Source(i, 1, i.Type)));
    }

    /// <summary>lop3: any function of three bits, by its table; lop3.BoolOp also tells whether the result is not zero.</summary>
    public static void ThreeInputs(PtxInstruction i, FunctionLowering context)
    {
        PtxOperand result = FunctionLowering.At(i, 0);
        PtxOperand value = result is PtxOperand.Pair pair ? pair.First : result;
        int table = (int)FunctionLowering.Immediate(i, 4) & 0xFF;
        int d = context.Destination(i, value, 32);
        int a = context.Source(i, 1, PtxType.B32), b = context.Source(i, 2, PtxType.B32), c = context.Source(i, 3, PtxType.B32);
        context.Add(new TableOperation(table, d, a, b, c));
        if (result is not PtxOperand.Pair { Second: var predicate }) return;
        (int q, bool isNegated) = context.Predicate(i, FunctionLowering.At(i, 5));
        int p = context.PredicateDestination(i, predicate), zero = context.Constant(0, 32);
        string join = i.Has("and") ? "and" : "or";
        context.Add(new CompareOperation(LaneTest.Vector32<Comparisons.NotEqual>(), d, zero, p, -1, join, q, isNegated));
    }

    internal readonly struct And : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => a & b;
    }

    internal readonly struct Or : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => a | b;
    }

    internal readonly struct Xor : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => a ^ b;
    }

    internal readonly struct And64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => a & b;
    }

    internal readonly struct Or64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => a | b;
    }

    internal readonly struct Xor64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => a ^ b;
    }

    internal readonly struct Not : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => ~a;
    }

    internal readonly struct Not16 : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a ^ Vector512.Create(0xFFFFu);
    }

    internal readonly struct Not64 : IVector1<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a) => ~a;
    }

    internal readonly struct IsZero : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Vector512.Equals(a, Vector512<uint>.Zero) & Vector512<uint>.One;
    }

    internal readonly struct IsZero64 : IVector1<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a) => Vector512.Equals(a, Vector512<ulong>.Zero) & Vector512<ulong>.One;
    }
}
