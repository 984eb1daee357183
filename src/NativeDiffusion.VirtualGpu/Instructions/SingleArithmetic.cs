using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>add, sub, mul, fma, mad, min, max, abs, neg, copysign on f32, and on f32x2 as twice as many lanes.</summary>
internal static class SingleArithmetic
{
    /// <summary>add, sub, mul.</summary>
    public static void Binary(PtxInstruction i, FunctionLowering context)
    {
        Rounding rounding = Roundings.Of(i);
        bool isFlushing = i.Has("ftz"), isSaturating = i.Has("sat");
        if (i.Type == PtxType.F32x2)
        {
            if (rounding != Rounding.Nearest) throw i.Refuse("only rounding to nearest is supported for f32x2.");
            context.Add(new PairedOperation(
                i.Opcode switch
                {
                    "add" =>
                    Choose<Add>(isFlushing, false),
                    "sub" => Choose<Subtract>(isFlushing, false),
                    _ => Choose<Multiply>(isFlushing, false)
                },
                context.Destination(i, 0, 64), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
            return;
        }
        int d = context.Destination(i, 0, 32), a = context.Source(i, 1, i.Type), b = context.Source(i, 2, i.Type);
        if (rounding != Rounding.Nearest)
        {
            context.Add(new DirectedOperation(Directed(i), rounding, isFlushing, isSaturating, d, a, b, a));
            return;
        }
        context.Add(new BinaryOperation(
            i.Opcode switch
            {
                "add" => Choose<Add>(isFlushing, isSaturating),
                "sub" => Choose<Subtract>(isFlushing, isSaturating),
                _ => Choose<Multiply>(isFlushing, isSaturating),
            },
            d, a, b));
    }

    /// <summary>fma, mad.</summary>
    public static void MultiplyAdd(PtxInstruction i, FunctionLowering context)
    {
        Rounding rounding = Roundings.Of(i);
        bool isFlushing = i.Has("ftz"), isSaturating = i.Has("sat");
        if (i.Type == PtxType.F32x2)
        {
            if (rounding != Rounding.Nearest) throw i.Refuse("only rounding to nearest is supported for f32x2.");
            context.Add(new PairedMultiplyAddOperation(
                Choose3<Fused>(isFlushing, false), context.Destination(i, 0, 64), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type),
                context.Source(i, 3, i.Type)));
            return;
        }
        int d = context.Destination(i, 0, 32), a = context.Source(i, 1, i.Type), b = context.Source(i, 2, i.Type), c = context.Source(i, 3, i.Type);
        if (rounding != Rounding.Nearest) context.Add(new DirectedOperation(DirectedFunction.Fused, rounding, isFlushing, isSaturating, d, a, b, c));
        else context.Add(new TernaryOperation(Choose3<Fused>(isFlushing, isSaturating), d, a, b, c));
    }

    /// <summary>min, max, of two or three.</summary>
    public static void MinMax(PtxInstruction i, FunctionLowering context)
    {
        bool isMin = i.Opcode == "min", isNan = i.Has("NaN"), isFlushing = i.Has("ftz");
        if (i.Has("xorsign"))
        {
            context.Add(new BinaryOperation(
                (isMin, isNan) switch
                {
                    (true, false) => ChooseFlush<SignOfBoth<Min>>(isFlushing),
                    (false, false) => ChooseFlush<SignOfBoth<Max>>(isFlushing),
                    (true, true) => ChooseFlush<SignOfBoth<MinNan>>(isFlushing),
                    (false, true) => ChooseFlush<SignOfBoth<MaxNan>>(isFlushing),
                },
                context.Destination(i, 0, 32), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
            return;
        }
        LaneFunction2 function = (isMin, isNan) switch
        {
            (true, false) => ChooseFlush<Min>(isFlushing),
            (false, false) => ChooseFlush<Max>(isFlushing),
            (true, true) => ChooseFlush<MinNan>(isFlushing),
            (false, true) => ChooseFlush<MaxNan>(isFlushing),
        };
        bool isThree = i.Operands.Count == 4;
        int d = context.Destination(i, 0, 32), first = isThree ? context.Temporary() : d;
        context.Add(new BinaryOperation(function, first, context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
        if (isThree) context.Add(new BinaryOperation(function, d, first, context.Source(i, 3, i.Type)));
    }

    /// <summary>abs, neg.</summary>
    public static void Sign(PtxInstruction i, FunctionLowering context) => context.Add(new UnaryOperation(
        (i.Opcode == "abs", i.Has("ftz")) switch
        {
            (true, false) => LaneFunction1.Vector32<Absolute>(),
            (true, true) => LaneFunction1.Vector32<Flushed1<Absolute>>(),
            (false, false) => LaneFunction1.Vector32<Negate>(),
            (false, true) => LaneFunction1.Vector32<Flushed1<Negate>>(),
        },
        context.Destination(i, 0, 32), context.Source(i, 1, i.Type)));

    /// <summary>copysign d, a, b: b with the sign of a.</summary>
    public static void CopySign(PtxInstruction i, FunctionLowering context)
    {
        int bits = FunctionLowering.LaneBits(i.Type);
        context.Add(new BinaryOperation(
            bits == 64 ? LaneFunction2.Vector64<SignOf64>() : LaneFunction2.Vector32<SignOf>(), context.Destination(i, 0, bits),
            context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
    }

    private static DirectedFunction Directed(PtxInstruction i) =>
        i.Opcode switch { "add" => DirectedFunction.Add, "sub" => DirectedFunction.Subtract, _ => DirectedFunction.Multiply };

    private static LaneFunction2 Choose<TOperator>(bool isFlushing, bool isSaturating)
        where TOperator : struct, IVector2<uint> => (isFlushing, isSaturating) switch
        {
            (false, false) => LaneFunction2.Vector32<TOperator>(),
            (true, false) => LaneFunction2.Vector32<Flushed2<TOperator>>(),
            (false, true) => LaneFunction2.Vector32<Saturated2<TOperator>>(),
            (true, true) => LaneFunction2.Vector32<Saturated2<Flushed2<TOperator>>>(),
        };

    private static LaneFunction2 ChooseFlush<TOperator>(bool isFlushing)
        where TOperator : struct, IVector2<uint> =>
        isFlushing ? LaneFunction2.Vector32<Flushed2<TOperator>>() : LaneFunction2.Vector32<TOperator>();

    private static LaneFunction3 Choose3<TOperator>(bool isFlushing, bool isSaturating)
        where TOperator : struct, IVector3<uint> => (isFlushing, isSaturating) switch
        {
            (false, false) => LaneFunction3.Vector32<TOperator>(),
            (true, false) => LaneFunction3.Vector32<Flushed3<TOperator>>(),
            (false, true) => LaneFunction3.Vector32<Saturated3<TOperator>>(),
            (true, true) => LaneFunction3.Vector32<Saturated3<Flushed3<TOperator>>>(),
        };

    internal readonly struct Add : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => SingleOperators.Canonical(a.AsSingle() + b.AsSingle());
    }

    internal readonly struct Subtract : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => SingleOperators.Canonical(a.AsSingle() - b.AsSingle());
    }

    internal readonly struct Multiply : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => SingleOperators.Canonical(a.AsSingle() * b.AsSingle());
    }

    internal readonly struct Fused : IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
            SingleOperators.Canonical(Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()));
    }

    /// <summary>A number beats NaN; minus zero is below zero.</summary>
    internal readonly struct Min : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            SingleOperators.Canonical(Vector512.MinNumber(a.AsSingle(), b.AsSingle()));
    }

    internal readonly struct Max : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            SingleOperators.Canonical(Vector512.MaxNumber(a.AsSingle(), b.AsSingle()));
    }

    internal readonly struct MinNan : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            SingleOperators.Canonical(Vector512.Min(a.AsSingle(), b.AsSingle()));
    }

    internal readonly struct MaxNan : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            SingleOperators.Canonical(Vector512.Max(a.AsSingle(), b.AsSingle()));
    }

    /// <summary>The smaller or larger magnitude, with the product's sign.</summary>
    internal readonly struct SignOfBoth<TOperator> : IVector2<uint>
        where TOperator : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b)
        {
            var magnitude = Vector512.Create(0x7FFF_FFFFu);
            return SingleOperators.Canonical((TOperator.Invoke(a & magnitude, b & magnitude) | ((a ^ b) & ~magnitude)).AsSingle());
        }
    }

    internal readonly struct Absolute : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a & Vector512.Create(0x7FFF_FFFFu);
    }

    internal readonly struct Negate : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a ^ Vector512.Create(0x8000_0000u);
    }

    internal readonly struct SignOf : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            (a & Vector512.Create(0x8000_0000u)) | (b & Vector512.Create(0x7FFF_FFFFu));
    }

    internal readonly struct SignOf64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) =>
            (a & Vector512.Create(0x8000_0000_0000_0000ul)) | (b & Vector512.Create(0x7FFF_FFFF_FFFF_FFFFul));
    }

    internal readonly struct Flushed1<TOperator> : IVector1<uint>
        where TOperator : struct, IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Flush(TOperator.Invoke(SingleOperators.Flush(a)));
    }

    internal readonly struct Flushed2<TOperator> : IVector2<uint>
        where TOperator : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            SingleOperators.Flush(TOperator.Invoke(SingleOperators.Flush(a), SingleOperators.Flush(b)));
    }

    internal readonly struct Flushed3<TOperator> : IVector3<uint>
        where TOperator : struct, IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
            SingleOperators.Flush(TOperator.Invoke(SingleOperators.Flush(a), SingleOperators.Flush(b), SingleOperators.Flush(c)));
    }

    internal readonly struct Saturated2<TOperator> : IVector2<uint>
        where TOperator : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => SingleOperators.Saturate(TOperator.Invoke(a, b));
    }

    internal readonly struct Saturated3<TOperator> : IVector3<uint>
        where TOperator : struct, IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => SingleOperators.Saturate(TOperator.Invoke(a, b, c));
    }
}
