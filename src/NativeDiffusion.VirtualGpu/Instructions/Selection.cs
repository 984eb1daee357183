using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>setp, set, selp, slct, testp.</summary>
internal static class Selection
{
    /// <summary>setp.CmpOp{.BoolOp}{.ftz}.type p{|q}, a, b{, c}.</summary>
    public static void SetPredicate(PtxInstruction i, FunctionLowering context)
    {
        string join = Join(i);
        PtxOperand result = FunctionLowering.At(i, 0);
        bool isPair = i.Type is PtxType.F16x2 or PtxType.BF16x2;
        (PtxOperand first, PtxOperand? second) = result is PtxOperand.Pair pair ? (pair.First, pair.Second) : (result, null);
        int p = context.PredicateDestination(i, first), q = second is null ? -1 : context.PredicateDestination(i, second);
        int a = context.Source(i, 1, i.Type), b = context.Source(i, 2, i.Type);
        (int c, bool isNegated) = join.Length > 0 ? context.Predicate(i, FunctionLowering.At(i, 3)) : (0, false);
        string comparison = i.Modifiers[0];
        context.Add(new CompareOperation(Comparisons.Find(i, i.Type, comparison, i.Has("ftz")), a, b, p, isPair ? -1 : q, join, c, isNegated));
        // A pair's second predicate is the second comparison, not the first one's opposite.
        if (isPair && q >= 0) context.Add(new CompareOperation(Comparisons.FindUpper(i, i.Type, comparison), a, b, q, -1, join, c, isNegated));
    }

    /// <summary>set.CmpOp{.BoolOp}{.ftz}.dtype.stype d, a, b{, c}: all ones, or 1.0.</summary>
    public static void Set(PtxInstruction i, FunctionLowering context)
    {
        if (i.Types.Count != 2) throw i.Refuse("expected a type of the result and one of the sources.");
        PtxType to = i.Types[0], from = i.Types[1];
        if (from is PtxType.F16x2 or PtxType.BF16x2)
        {
            SetPairs(i, context, to, from);
            return;
        }
        string join = Join(i);
        int p = context.TemporaryPredicate();
        (int c, bool isNegated) = join.Length > 0 ? context.Predicate(i, FunctionLowering.At(i, 3)) : (0, false);
        context.Add(new CompareOperation(
            Comparisons.Find(i, from, i.Modifiers[0], i.Has("ftz")), context.Source(i, 1, from), context.Source(i, 2, from), p, -1, join, c, isNegated));
        int one = context.Constant(One(to), 32), zero = context.Constant(0, 32);
        context.Add(new SelectOperation(context.Destination(i, 0, 32), one, zero, p, false, false));
    }

    private static uint One(PtxType type) => type switch
    {
        PtxType.F32 => 0x3F80_0000,
        PtxType.F16 => 0x3C00,
        PtxType.BF16 => 0x3F80,
        PtxType.U16 or PtxType.S16 => 0xFFFF,
        _ => uint.MaxValue,
    };

    private static void SetPairs(PtxInstruction i, FunctionLowering context, PtxType to, PtxType from)
    {
        int low = context.TemporaryPredicate(), high = context.TemporaryPredicate();
        int a = context.Source(i, 1, from), b = context.Source(i, 2, from);
        string join = Join(i);
        (int c, bool isNegated) = join.Length > 0 ? context.Predicate(i, FunctionLowering.At(i, 3)) : (0, false);
        context.Add(new CompareOperation(Comparisons.Find(i, from, i.Modifiers[0], i.Has("ftz")), a, b, low, -1, join, c, isNegated));
        context.Add(new CompareOperation(Comparisons.FindUpper(i, from, i.Modifiers[0]), a, b, high, -1, join, c, isNegated));
        uint one = to switch { PtxType.F16x2 => 0x3C00, PtxType.BF16x2 => 0x3F80, _ => 0xFFFF };
        int zero = context.Constant(0, 32), lower = context.Constant(one, 32), upper = context.Constant(one << 16, 32);
        int x = context.Temporary(), d = context.Destination(i, 0, 32);
        context.Add(new SelectOperation(x, lower, zero, low, false, false));
        context.Add(new SelectOperation(d, upper, zero, high, false, false));
        context.Add(new BinaryOperation(LaneFunction2.Vector32<Logic.Or>(), d, d, x));
    }

    /// <summary>selp d, a, b, p.</summary>
    public static void Select(PtxInstruction i, FunctionLowering context)
    {
        int bits = FunctionLowering.LaneBits(i.Type);
        (int p, bool isNegated) = context.Predicate(i, FunctionLowering.At(i, 3));
        context.Add(new SelectOperation(
            context.Destination(i, 0, bits), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type), p, isNegated, bits == 64));
    }

    /// <summary>slct.dtype.stype d, a, b, c: a where c is not negative.</summary>
    public static void SelectBySign(PtxInstruction i, FunctionLowering context)
    {
        PtxType to = i.Types[0], by = i.Types[1];
        int p = context.TemporaryPredicate(), zero = context.Constant(0, 32), c = context.Source(i, 3, by);
        context.Add(new CompareOperation(Comparisons.Find(i, by, "ge", i.Has("ftz")), c, zero, p, -1, "", 0, false));
        int bits = FunctionLowering.LaneBits(to);
        context.Add(new SelectOperation(context.Destination(i, 0, bits), context.Source(i, 1, to), context.Source(i, 2, to), p, false, bits == 64));
    }

    /// <summary>testp: what kind of number it is.</summary>
    public static void Test(PtxInstruction i, FunctionLowering context)
    {
        int p = context.PredicateDestination(i, FunctionLowering.At(i, 0));
        int a = context.Source(i, 1, i.Type);
        bool is64 = i.Type == PtxType.F64;
        LaneTest test = i.Modifiers[0] switch
        {
            "finite" => is64 ? LaneTest.Scalar<Finite64, double>() : LaneTest.Scalar<Finite, float>(),
            "infinite" => is64 ? LaneTest.Scalar<Infinite64, double>() : LaneTest.Scalar<Infinite, float>(),
            "number" => is64 ? LaneTest.Scalar<Number64, double>() : LaneTest.Scalar<Number, float>(),
            "notanumber" => is64 ? LaneTest.Scalar<Comparisons.Not<Number64>, double>() : LaneTest.Scalar<NotNumber, float>(),
            "normal" => is64 ? LaneTest.Scalar<Normal64, double>() : LaneTest.Scalar<Normal, float>(),
            "subnormal" => is64 ? LaneTest.Scalar<Subnormal64, double>() : LaneTest.Scalar<Subnormal, float>(),
            _ => throw i.Refuse($"test '.{i.Modifiers[0]}' is not known."),
        };
        context.Add(new CompareOperation(test, a, a, p, -1, "", 0, false));
    }

    private static string Join(PtxInstruction i) => i.Has("and") ? "and" : i.Has("or") ? "or" : i.Has("xor") ? "xor" : "";

    internal readonly struct Finite : ILane<bool, float, float>
    {
        public static bool Invoke(float a, float b) => float.IsFinite(a);
    }

    internal readonly struct Infinite : ILane<bool, float, float>
    {
        public static bool Invoke(float a, float b) => float.IsInfinity(a);
    }

    internal readonly struct Number : ILane<bool, float, float>
    {
        public static bool Invoke(float a, float b) => !float.IsNaN(a);
    }

    internal readonly struct NotNumber : ILane<bool, float, float>
    {
        public static bool Invoke(float a, float b) => float.IsNaN(a);
    }

    internal readonly struct Normal : ILane<bool, float, float>
    {
        public static bool Invoke(float a, float b) => float.IsNormal(a);
    }

    internal readonly struct Subnormal : ILane<bool, float, float>
    {
        public static bool Invoke(float a, float b) => float.IsSubnormal(a);
    }

    internal readonly struct Finite64 : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => double.IsFinite(a);
    }

    internal readonly struct Infinite64 : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => double.IsInfinity(a);
    }

    internal readonly struct Number64 : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => !double.IsNaN(a);
    }

    internal readonly struct Normal64 : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => double.IsNormal(a);
    }

    internal readonly struct Subnormal64 : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => double.IsSubnormal(a);
    }
}
