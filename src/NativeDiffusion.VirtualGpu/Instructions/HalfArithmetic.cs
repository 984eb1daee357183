using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>add, sub, mul, fma, min, max, abs, neg on f16, f16x2, bf16, bf16x2.</summary>
internal static class HalfArithmetic
{
    public static void Binary(PtxInstruction i, FunctionLowering context)
    {
        bool isFlushing = i.Has("ftz"), isSaturating = i.Has("sat");
        LaneFunction2 function = (i.Opcode, isSaturating) switch
        {
            ("add", false) => HalfOperators.Binary<SingleArithmetic.Add>(i.Type, isFlushing),
            ("sub", false) => HalfOperators.Binary<SingleArithmetic.Subtract>(i.Type, isFlushing),
            ("mul", false) => HalfOperators.Binary<SingleArithmetic.Multiply>(i.Type, isFlushing),
            ("add", true) => HalfOperators.Binary<SingleArithmetic.Saturated2<SingleArithmetic.Add>>(i.Type, isFlushing),
            ("sub", true) => HalfOperators.Binary<SingleArithmetic.Saturated2<SingleArithmetic.Subtract>>(i.Type, isFlushing),
            _ => HalfOperators.Binary<SingleArithmetic.Saturated2<SingleArithmetic.Multiply>>(i.Type, isFlushing),
        };
        context.Add(new BinaryOperation(function, context.Destination(i, 0, 32), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
    }

    public static void MinMax(PtxInstruction i, FunctionLowering context)
    {
        bool isFlushing = i.Has("ftz");
        LaneFunction2 function = (i.Opcode == "min", i.Has("NaN")) switch
        {
            (true, false) => Extreme<SingleArithmetic.Min>(i, isFlushing),
            (false, false) => Extreme<SingleArithmetic.Max>(i, isFlushing),
            (true, true) => Extreme<SingleArithmetic.MinNan>(i, isFlushing),
            (false, true) => Extreme<SingleArithmetic.MaxNan>(i, isFlushing),
        };
        context.Add(new BinaryOperation(function, context.Destination(i, 0, 32), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
    }

    private static LaneFunction2 Extreme<TOperator>(PtxInstruction i, bool isFlushing)
        where TOperator : struct, IVector2<uint> =>
        i.Has("xorsign") ? HalfOperators.Binary<SingleArithmetic.SignOfBoth<TOperator>>(i.Type, isFlushing)
            : HalfOperators.Binary<TOperator>(i.Type, isFlushing);

    public static void MultiplyAdd(PtxInstruction i, FunctionLowering context)
    {
        bool isFlushing = i.Has("ftz");
        if (i.Has("oob")) throw i.Refuse(".oob is not supported.");
        LaneFunction3 function = i.Type is PtxType.BF16 or PtxType.BF16x2 ? Choose<FusedWide>(i, false) : Choose<Fused>(i, isFlushing);
        context.Add(new TernaryOperation(
            function, context.Destination(i, 0, 32), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type), context.Source(i, 3, i.Type)));
    }

    private static LaneFunction3 Choose<TOperator>(PtxInstruction i, bool isFlushing)
        where TOperator : struct, IVector3<uint> =>
        i.Has("sat") ? HalfOperators.Ternary<SingleArithmetic.Saturated3<TOperator>>(i.Type, isFlushing)
        : i.Has("relu") ? HalfOperators.Ternary<Clamped<TOperator>>(i.Type, isFlushing)
        : HalfOperators.Ternary<TOperator>(i.Type, isFlushing);

    /// <summary>abs and neg touch the sign alone.</summary>
    public static void Sign(PtxInstruction i, FunctionLowering context)
    {
        bool isPair = i.Type is PtxType.F16x2 or PtxType.BF16x2, isAbsolute = i.Opcode == "abs";
        if (i.Has("ftz"))
        {
            context.Add(new UnaryOperation(
                isAbsolute ? HalfOperators.Unary<SingleArithmetic.Absolute>(i.Type, true) : HalfOperators.Unary<SingleArithmetic.Negate>(i.Type, true),
                context.Destination(i, 0, 32), context.Source(i, 1, i.Type)));
            return;
        }
        int signs = context.Constant(isAbsolute ? isPair ? 0x7FFF_7FFFu : 0x7FFFu : isPair ? 0x8000_8000u : 0x8000u, 32);
        context.Add(new BinaryOperation(
            isAbsolute ? LaneFunction2.Vector32<Logic.And>() : LaneFunction2.Vector32<Logic.Xor>(), context.Destination(i, 0, 32),
            context.Source(i, 1, i.Type), signs));
    }

    internal readonly struct Fused : IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
            HalfVectors.MultiplyAddToOdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsUInt32();
    }

    internal readonly struct FusedWide : IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
            HalfVectors.MultiplyAddToOddWide(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsUInt32();
    }

    /// <summary>Negative results become zero; NaN stays NaN.</summary>
    internal readonly struct Clamped<TOperator> : IVector3<uint>
        where TOperator : struct, IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c)
        {
            Vector512<uint> value = TOperator.Invoke(a, b, c);
            Vector512<uint> isNegative = Vector512.LessThan(value.AsInt32(), Vector512<int>.Zero).AsUInt32()
                & Vector512.Equals(value.AsSingle(), value.AsSingle()).AsUInt32();
            return Vector512.ConditionalSelect(isNegative, Vector512<uint>.Zero, value);
        }
    }
}
