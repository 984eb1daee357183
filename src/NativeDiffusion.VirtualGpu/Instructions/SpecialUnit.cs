using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>div, rcp, sqrt, rsqrt, ex2, lg2, sin, cos, tanh on f32, and ex2 and tanh on the half types.</summary>
internal static class SpecialUnit
{
    /// <summary>div on floats.</summary>
    public static void Divide(PtxInstruction i, FunctionLowering context)
    {
        bool isFlushing = i.Has("ftz");
        int bits = FunctionLowering.LaneBits(i.Type);
        int d = context.Destination(i, 0, bits), a = context.Source(i, 1, i.Type), b = context.Source(i, 2, i.Type);
        Rounding rounding = Roundings.Of(i);
        if (i.Type == PtxType.F64)
        {
            context.Add(new DoubleOperation(DoubleFunction.Divide, rounding, d, a, b, a));
            return;
        }
        if (rounding != Rounding.Nearest)
        {
            context.Add(new DirectedOperation(DirectedFunction.Divide, rounding, isFlushing, false, d, a, b, a));
            return;
        }
        context.Add(new BinaryOperation(
            (i.Has("approx"), isFlushing) switch
            {
                (false, false) => LaneFunction2.Vector32<Quotient>(),
                (false, true) => LaneFunction2.Vector32<SingleArithmetic.Flushed2<Quotient>>(),
                (true, false) => LaneFunction2.Vector32<QuotientApproximate>(),
                (true, true) => LaneFunction2.Vector32<SingleArithmetic.Flushed2<QuotientApproximate>>(),
            },
            d, a, b));
    }

    /// <summary>rcp, sqrt, rsqrt, ex2, lg2, sin, cos, tanh.</summary>
    public static void Unary(PtxInstruction i, FunctionLowering context)
    {
        bool isFlushing = i.Has("ftz");
        int bits = FunctionLowering.LaneBits(i.Type);
        int d = context.Destination(i, 0, bits), a = context.Source(i, 1, i.Type);
        Rounding rounding = Roundings.Of(i);
        if (i.Type == PtxType.F64)
        {
            context.Add(new DoubleOperation(
                i.Opcode switch
                {
                    "rcp" => i.Has("approx") ? DoubleFunction.ReciprocalApproximate : DoubleFunction.Reciprocal,
                    "sqrt" => DoubleFunction.SquareRoot,
                    "rsqrt" => DoubleFunction.ReciprocalRootApproximate,
                    _ => throw i.Refuse("the type is not supported."),
                },
                rounding, d, a, a, a));
            return;
        }
        if (i.Type is PtxType.F16 or PtxType.F16x2 or PtxType.BF16 or PtxType.BF16x2)
        {
            context.Add(new UnaryOperation(
                i.Opcode switch
                {
                    "ex2" => HalfOperators.Unary<Special<Exp2>>(i.Type, isFlushing),
                    "tanh" => HalfOperators.Unary<Special<Tanh>>(i.Type, isFlushing),
                    _ => throw i.Refuse("the type is not supported."),
                },
                d, a));
            return;
        }
        if (rounding != Rounding.Nearest)
        {
            DirectedFunction function = i.Opcode == "rcp" ? DirectedFunction.Reciprocal : DirectedFunction.SquareRoot;
            context.Add(new DirectedOperation(function, rounding, isFlushing, false, d, a, a, a));
            return;
        }
        context.Add(new UnaryOperation(
            i.Opcode switch
            {
                "rcp" => Choose<Reciprocal>(isFlushing),
                "sqrt" => Choose<SquareRoot>(isFlushing),
                "rsqrt" => Choose<ReciprocalRoot>(isFlushing),
                "ex2" => Choose<Special<Exp2>>(isFlushing),
                "lg2" => Choose<Special<Log2>>(isFlushing),
                "sin" => Choose<Special<Sin>>(isFlushing),
                "cos" => Choose<Special<Cos>>(isFlushing),
                _ => Choose<Special<Tanh>>(isFlushing),
            },
            d, a));
    }

    private static LaneFunction1 Choose<TOperator>(bool isFlushing)
        where TOperator : struct, IVector1<uint> =>
        isFlushing ? LaneFunction1.Vector32<SingleArithmetic.Flushed1<TOperator>>() : LaneFunction1.Vector32<TOperator>();

    internal interface IDoubleFunction
    {
        static abstract Vector512<double> Invoke(Vector512<double> a);
    }

    /// <summary>A function of double precision on single-precision lanes.</summary>
    internal readonly struct Special<TFunction> : IVector1<uint>
        where TFunction : struct, IDoubleFunction
    {
        public static Vector512<uint> Invoke(Vector512<uint> a)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(a.AsSingle());
            return SingleOperators.Canonical(Vector512.Narrow(TFunction.Invoke(low), TFunction.Invoke(high)));
        }
    }

    internal readonly struct Exp2 : IDoubleFunction
    {
        public static Vector512<double> Invoke(Vector512<double> a) => SpecialFunctions.Exp2(a);
    }

    internal readonly struct Log2 : IDoubleFunction
    {
        public static Vector512<double> Invoke(Vector512<double> a) => SpecialFunctions.Log2(a);
    }

    internal readonly struct Sin : IDoubleFunction
    {
        public static Vector512<double> Invoke(Vector512<double> a) => SpecialFunctions.Sin(a);
    }

    internal readonly struct Cos : IDoubleFunction
    {
        public static Vector512<double> Invoke(Vector512<double> a) => SpecialFunctions.Cos(a);
    }

    internal readonly struct Tanh : IDoubleFunction
    {
        public static Vector512<double> Invoke(Vector512<double> a) => SpecialFunctions.Tanh(a);
    }

    internal readonly struct Quotient : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => SingleOperators.Canonical(a.AsSingle() / b.AsSingle());
    }

    /// <summary>As in hardware: divisors above 2^126 give zero.</summary>
    internal readonly struct QuotientApproximate : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b)
        {
            Vector512<uint> magnitude = b & Vector512.Create(0x7FFF_FFFFu);
            Vector512<uint> isHuge = Vector512.GreaterThan(
                magnitude, Vector512.Create(0x7E80_0000u)) & Vector512.LessThan(magnitude, Vector512.Create(0x7F80_0000u));
            Vector512<float> product = a.AsSingle() * Vector512<float>.Zero;
            Vector512<uint> zero = ((product.AsUInt32() & Vector512.Create(0x7FFF_FFFFu)) | ((a ^ b) & Vector512.Create(0x8000_0000u)));
            return SingleOperators.Canonical(Vector512.ConditionalSelect(isHuge, zero, (a.AsSingle() / b.AsSingle()).AsUInt32()).AsSingle());
        }
    }

    internal readonly struct Reciprocal : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Canonical(Vector512<float>.One / a.AsSingle());
    }

    internal readonly struct SquareRoot : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Canonical(Vector512.Sqrt(a.AsSingle()));
    }

    internal readonly struct ReciprocalRoot : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(a.AsSingle());
            return SingleOperators.Canonical(Vector512.Narrow(Vector512<double>.One / Vector512.Sqrt(low), Vector512<double>.One / Vector512.Sqrt(high)));
        }
    }
}
