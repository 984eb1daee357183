using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>
/// Operators of single precision on half precision and bfloat16: decoded, computed, rounded once. For sums and products single precision is
/// wide enough for that to be the right result; multiply-adds come rounded to odd.
/// </summary>
internal static class HalfOperators
{
    /// <summary>The loop of a unary operator on the type.</summary>
    public static LaneFunction1 Unary<TOperator>(PtxType type, bool isFlushing)
        where TOperator : struct, IVector1<uint> => (type, isFlushing) switch
        {
            (PtxType.F16, false) => LaneFunction1.Vector32<One1<Half, TOperator>>(),
            (PtxType.F16, true) => LaneFunction1.Vector32<One1<HalfFlushed, TOperator>>(),
            (PtxType.F16x2, false) => LaneFunction1.Vector32<Two1<Half, TOperator>>(),
            (PtxType.F16x2, true) => LaneFunction1.Vector32<Two1<HalfFlushed, TOperator>>(),
            (PtxType.BF16, _) => LaneFunction1.Vector32<One1<BFloat, TOperator>>(),
            _ => LaneFunction1.Vector32<Two1<BFloat, TOperator>>(),
        };

    /// <summary>The loop of a binary operator on the type.</summary>
    public static LaneFunction2 Binary<TOperator>(PtxType type, bool isFlushing)
        where TOperator : struct, IVector2<uint> => (type, isFlushing) switch
        {
            (PtxType.F16, false) => LaneFunction2.Vector32<One2<Half, TOperator>>(),
            (PtxType.F16, true) => LaneFunction2.Vector32<One2<HalfFlushed, TOperator>>(),
            (PtxType.F16x2, false) => LaneFunction2.Vector32<Two2<Half, TOperator>>(),
            (PtxType.F16x2, true) => LaneFunction2.Vector32<Two2<HalfFlushed, TOperator>>(),
            (PtxType.BF16, _) => LaneFunction2.Vector32<One2<BFloat, TOperator>>(),
            _ => LaneFunction2.Vector32<Two2<BFloat, TOperator>>(),
        };

    /// <summary>The loop of a ternary operator on the type.</summary>
    public static LaneFunction3 Ternary<TOperator>(PtxType type, bool isFlushing)
        where TOperator : struct, IVector3<uint> => (type, isFlushing) switch
        {
            (PtxType.F16, false) => LaneFunction3.Vector32<One3<Half, TOperator>>(),
            (PtxType.F16, true) => LaneFunction3.Vector32<One3<HalfFlushed, TOperator>>(),
            (PtxType.F16x2, false) => LaneFunction3.Vector32<Two3<Half, TOperator>>(),
            (PtxType.F16x2, true) => LaneFunction3.Vector32<Two3<HalfFlushed, TOperator>>(),
            (PtxType.BF16, _) => LaneFunction3.Vector32<One3<BFloat, TOperator>>(),
            _ => LaneFunction3.Vector32<Two3<BFloat, TOperator>>(),
        };

    /// <summary>Numbers below the smallest normal half become zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> FlushHalf(Vector512<uint> single)
    {
        Vector512<uint> isTiny = Vector512.LessThan(single & Vector512.Create(0x7FFF_FFFFu), Vector512.Create(113u << 23));
        return Vector512.ConditionalSelect(isTiny, single & Vector512.Create(0x8000_0000u), single);
    }

    internal interface ICode
    {
        static abstract Vector512<uint> Decode(Vector512<uint> lower);

        static abstract Vector512<uint> Encode(Vector512<uint> single);
    }

    internal readonly struct Half : ICode
    {
        public static Vector512<uint> Decode(Vector512<uint> lower) => HalfVectors.FromHalf(lower).AsUInt32();

        public static Vector512<uint> Encode(Vector512<uint> single) => HalfVectors.ToHalf(single.AsSingle());
    }

    internal readonly struct HalfFlushed : ICode
    {
        public static Vector512<uint> Decode(Vector512<uint> lower) => FlushHalf(HalfVectors.FromHalf(lower).AsUInt32());

        public static Vector512<uint> Encode(Vector512<uint> single)
        {
            // What rounds up to the smallest normal number is not flushed.
            Vector512<uint> half = HalfVectors.ToHalf(single.AsSingle());
            Vector512<uint> isTiny = Vector512.Equals(half & Vector512.Create(0x7C00u), Vector512<uint>.Zero);
            return Vector512.ConditionalSelect(isTiny, half & Vector512.Create(0x8000u), half);
        }
    }

    internal readonly struct BFloat : ICode
    {
        public static Vector512<uint> Decode(Vector512<uint> lower) => lower << 16;

        public static Vector512<uint> Encode(Vector512<uint> single) => HalfVectors.ToBFloat(single.AsSingle());
    }

    internal readonly struct One1<TCode, TOperator> : IVector1<uint>
        where TCode : struct, ICode
        where TOperator : struct, IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => TCode.Encode(TOperator.Invoke(TCode.Decode(a)));
    }

    internal readonly struct Two1<TCode, TOperator> : IVector1<uint>
        where TCode : struct, ICode
        where TOperator : struct, IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) =>
            TCode.Encode(TOperator.Invoke(TCode.Decode(Low(a)))) | (TCode.Encode(TOperator.Invoke(TCode.Decode(a >> 16))) << 16);
    }

    internal readonly struct One2<TCode, TOperator> : IVector2<uint>
        where TCode : struct, ICode
        where TOperator : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => TCode.Encode(TOperator.Invoke(TCode.Decode(a), TCode.Decode(b)));
    }

    internal readonly struct Two2<TCode, TOperator> : IVector2<uint>
        where TCode : struct, ICode
        where TOperator : struct, IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            TCode.Encode(TOperator.Invoke(TCode.Decode(Low(a)), TCode.Decode(Low(b))))
            | (TCode.Encode(TOperator.Invoke(TCode.Decode(a >> 16), TCode.Decode(b >> 16))) << 16);
    }

    internal readonly struct One3<TCode, TOperator> : IVector3<uint>
        where TCode : struct, ICode
        where TOperator : struct, IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
            TCode.Encode(TOperator.Invoke(TCode.Decode(a), TCode.Decode(b), TCode.Decode(c)));
    }

    internal readonly struct Two3<TCode, TOperator> : IVector3<uint>
        where TCode : struct, ICode
        where TOperator : struct, IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
            TCode.Encode(TOperator.Invoke(TCode.Decode(Low(a)), TCode.Decode(Low(b)), TCode.Decode(Low(c))))
            | (TCode.Encode(TOperator.Invoke(TCode.Decode(a >> 16), TCode.Decode(b >> 16), TCode.Decode(c >> 16))) << 16);
    }

    private static Vector512<uint> Low(Vector512<uint> a) => a & Vector512.Create(0xFFFFu);
}
