using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>The comparisons of setp and set, by type and name.</summary>
internal static class Comparisons
{
    /// <summary>The comparison that the instruction names, for its source type.</summary>
    public static LaneTest Find(PtxInstruction i, PtxType type, string name, bool isFlushing)
    {
        switch (type)
        {
            case PtxType.F32:
                return isFlushing ? Single<Flushed>(i, name) : Single<Plain>(i, name);
            case PtxType.F64:
                return Double(i, name);
            case PtxType.F16 or PtxType.F16x2:
                return isFlushing ? Single<HalfFlushed>(i, name) : Single<HalfLanes>(i, name);
            case PtxType.BF16 or PtxType.BF16x2:
                return Single<BFloatLanes>(i, name);
            default:
                break;
        }
        bool isSigned = type.IsSigned(), is64 = type.Bits() == 64, is16 = type.Bits() == 16;
        return (name, isSigned) switch
        {
            ("eq", _) => is64 ? LaneTest.Vector64<Equal64>() : LaneTest.Vector32<Equal>(),
            ("ne", _) => is64 ? LaneTest.Vector64<NotEqual64>() : LaneTest.Vector32<NotEqual>(),
            ("lt", true) => is64 ? LaneTest.Vector64<Less64>() : is16 ? LaneTest.Vector32<Wide<Less>>() : LaneTest.Vector32<Less>(),
            ("le", true) => is64 ? LaneTest.Vector64<LessEqual64>() : is16 ? LaneTest.Vector32<Wide<LessEqual>>() : LaneTest.Vector32<LessEqual>(),
            ("gt", true) => is64 ? LaneTest.Vector64<Swap64<Less64>>() : is16 ? LaneTest.Vector32<Wide<Swap<Less>>>() : LaneTest.Vector32<Swap<Less>>(),
            ("ge", true) => is64 ? LaneTest.Vector64<Swap64<LessEqual64>>()
                : is16 ? LaneTest.Vector32<Wide<Swap<LessEqual>>>() : LaneTest.Vector32<Swap<LessEqual>>(),
            ("lo" or "lt", _) => is64 ? LaneTest.Vector64<Below64>() : LaneTest.Vector32<Below>(),
            ("ls" or "le", _) => is64 ? LaneTest.Vector64<BelowEqual64>() : LaneTest.Vector32<BelowEqual>(),
            ("hi" or "gt", _) => is64 ? LaneTest.Vector64<Swap64<Below64>>() : LaneTest.Vector32<Swap<Below>>(),
            ("hs" or "ge", _) => is64 ? LaneTest.Vector64<Swap64<BelowEqual64>>() : LaneTest.Vector32<Swap<BelowEqual>>(),
            _ => throw i.Refuse($"comparison '.{name}' is not known for the type."),
        };
    }

    /// <summary>The upper halves of pairs, for comparisons of pairs.</summary>
    public static LaneTest FindUpper(PtxInstruction i, PtxType type, string name) =>
        type == PtxType.F16x2 ? Single<HalfUpper>(i, name) : Single<BFloatUpper>(i, name);

    private static LaneTest Single<TDecode>(PtxInstruction i, string name)
        where TDecode : struct, IVector1<uint> => name switch
        {
            "eq" => LaneTest.Vector32<Decoded<TDecode, EqualSingle>>(),
            "ne" => LaneTest.Vector32<Decoded<TDecode, NotEqualSingle>>(),
            "lt" => LaneTest.Vector32<Decoded<TDecode, LessSingle>>(),
            "le" => LaneTest.Vector32<Decoded<TDecode, LessEqualSingle>>(),
            "gt" => LaneTest.Vector32<Decoded<TDecode, Swap<LessSingle>>>(),
            "ge" => LaneTest.Vector32<Decoded<TDecode, Swap<LessEqualSingle>>>(),
            // The unordered ones are the negations of their opposites.
            "equ" => LaneTest.Vector32<Decoded<TDecode, Negated<NotEqualSingle>>>(),
            "neu" => LaneTest.Vector32<Decoded<TDecode, Negated<EqualSingle>>>(),
            "ltu" => LaneTest.Vector32<Decoded<TDecode, Negated<Swap<LessEqualSingle>>>>(),
            "leu" => LaneTest.Vector32<Decoded<TDecode, Negated<Swap<LessSingle>>>>(),
            "gtu" => LaneTest.Vector32<Decoded<TDecode, Negated<LessEqualSingle>>>(),
            "geu" => LaneTest.Vector32<Decoded<TDecode, Negated<LessSingle>>>(),
            "num" => LaneTest.Vector32<Decoded<TDecode, Ordered>>(),
            "nan" => LaneTest.Vector32<Decoded<TDecode, Negated<Ordered>>>(),
            _ => throw i.Refuse($"comparison '.{name}' is not known for the type."),
        };

    private static LaneTest Double(PtxInstruction i, string name) => name switch
    {
        "eq" => LaneTest.Scalar<EqualDouble, double>(),
        "ne" => LaneTest.Scalar<NotEqualDouble, double>(),
        "lt" => LaneTest.Scalar<LessDouble, double>(),
        "le" => LaneTest.Scalar<LessEqualDouble, double>(),
        "gt" => LaneTest.Scalar<GreaterDouble, double>(),
        "ge" => LaneTest.Scalar<GreaterEqualDouble, double>(),
        "equ" => LaneTest.Scalar<Not<NotEqualDouble>, double>(),
        "neu" => LaneTest.Scalar<Not<EqualDouble>, double>(),
        "ltu" => LaneTest.Scalar<Not<GreaterEqualDouble>, double>(),
        "leu" => LaneTest.Scalar<Not<GreaterDouble>, double>(),
        "gtu" => LaneTest.Scalar<Not<LessEqualDouble>, double>(),
        "geu" => LaneTest.Scalar<Not<LessDouble>, double>(),
        "num" => LaneTest.Scalar<OrderedDouble, double>(),
        "nan" => LaneTest.Scalar<Not<OrderedDouble>, double>(),
        _ => throw i.Refuse($"comparison '.{name}' is not known for the type."),
    };

    internal readonly struct Equal : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Equals(a, b);
    }

    internal readonly struct NotEqual : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => ~Vector512.Equals(a, b);
    }

    internal readonly struct Less : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.LessThan(a.AsInt32(), b.AsInt32()).AsUInt32();
    }

    internal readonly struct LessEqual : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.LessThanOrEqual(a.AsInt32(), b.AsInt32()).AsUInt32();
    }

    internal readonly struct Below : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.LessThan(a, b);
    }

    internal readonly struct BelowEqual : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.LessThanOrEqual(a, b);
    }

    internal readonly struct Equal64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.Equals(a, b);
    }

    internal readonly struct NotEqual64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => ~Vector512.Equals(a, b);
    }

    internal readonly struct Less64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.LessThan(a.AsInt64(), b.AsInt64()).AsUInt64();
    }

    internal readonly struct LessEqual64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.LessThanOrEqual(a.AsInt64(), b.AsInt64()).AsUInt64();
    }

    internal readonly struct Below64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.LessThan(a, b);
    }

    internal readonly struct BelowEqual64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => Vector512.LessThanOrEqual(a, b);
    }

    internal readonly struct Swap<TTest> : IVector2<uint>
        where TTest : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => TTest.Invoke(b, a);
    }

    internal readonly struct Swap64<TTest> : IVector2<ulong>
        where TTest : struct, IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => TTest.Invoke(b, a);
    }

    /// <summary>A signed comparison of sixteen bits.</summary>
    internal readonly struct Wide<TTest> : IVector2<uint>
        where TTest : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => TTest.Invoke(a << 16, b << 16);
    }

    internal readonly struct Negated<TTest> : IVector2<uint>
        where TTest : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => ~TTest.Invoke(a, b);
    }

    /// <summary>A comparison of single precision after both sources were decoded to it.</summary>
    internal readonly struct Decoded<TDecode, TTest> : IVector2<uint>
        where TDecode : struct, IVector1<uint>
        where TTest : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => TTest.Invoke(TDecode.Invoke(a), TDecode.Invoke(b));
    }

    internal readonly struct Plain : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a;
    }

    internal readonly struct Flushed : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Flush(a);
    }

    internal readonly struct HalfLanes : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => HalfVectors.FromHalf(a & Vector512.Create(0xFFFFu)).AsUInt32();
    }

    internal readonly struct HalfFlushed : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => HalfOperators.FlushHalf(HalfVectors.FromHalf(a & Vector512.Create(0xFFFFu)).AsUInt32());
    }

    internal readonly struct HalfUpper : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => HalfVectors.FromHalf(a >> 16).AsUInt32();
    }

    internal readonly struct BFloatLanes : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a << 16;
    }

    internal readonly struct BFloatUpper : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a & Vector512.Create(0xFFFF_0000u);
    }

    internal readonly struct EqualSingle : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.Equals(a.AsSingle(), b.AsSingle()).AsUInt32();
    }

    /// <summary>Ordered: false where one is NaN.</summary>
    internal readonly struct NotEqualSingle : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            (Vector512.LessThan(a.AsSingle(), b.AsSingle()) | Vector512.GreaterThan(a.AsSingle(), b.AsSingle())).AsUInt32();
    }

    internal readonly struct LessSingle : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.LessThan(a.AsSingle(), b.AsSingle()).AsUInt32();
    }

    internal readonly struct LessEqualSingle : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => Vector512.LessThanOrEqual(a.AsSingle(), b.AsSingle()).AsUInt32();
    }

    internal readonly struct Ordered : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            (Vector512.Equals(a.AsSingle(), a.AsSingle()) & Vector512.Equals(b.AsSingle(), b.AsSingle())).AsUInt32();
    }

    internal readonly struct EqualDouble : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => a == b;
    }

    internal readonly struct NotEqualDouble : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => a < b || a > b;
    }

    internal readonly struct LessDouble : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => a < b;
    }

    internal readonly struct LessEqualDouble : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => a <= b;
    }

    internal readonly struct GreaterDouble : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => a > b;
    }

    internal readonly struct GreaterEqualDouble : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => a >= b;
    }

    internal readonly struct OrderedDouble : ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => !double.IsNaN(a) && !double.IsNaN(b);
    }

    internal readonly struct Not<TTest> : ILane<bool, double, double>
        where TTest : struct, ILane<bool, double, double>
    {
        public static bool Invoke(double a, double b) => !TTest.Invoke(a, b);
    }
}
