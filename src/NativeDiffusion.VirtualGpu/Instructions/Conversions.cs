using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>cvt: the common ones as vectors, all others one by one.</summary>
internal static class Conversions
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        if (i.Has("pack"))
        {
            Pack(i, context);
            return;
        }
        if (i.Types.Count != 2) throw i.Refuse("expected a type of the result and one of the source.");
        PtxType to = i.Types[0], from = i.Types[1];
        if (to is PtxType.F16x2 or PtxType.BF16x2 or PtxType.E4M3x2 or PtxType.E5M2x2)
        {
            Pairs(i, context, to, from);
            return;
        }
        (int d, int dBits) = Result(i, context, FunctionLowering.At(i, 0));
        (int a, int aBits) = Argument(i, context, FunctionLowering.At(i, 1), from);
        if (Fast(i, to, from, dBits, aBits) is { } function)
        {
            context.Add(new UnaryOperation(function, d, a));
            return;
        }
        bool isExtended = to.IsSigned() && dBits > to.Bits();
        context.Add(new ConvertOperation(Plan(i, to, from), d, dBits == 64 ? 64 : ResultBits(i, to), isExtended, a, aBits));
    }

    private static Conversion Plan(PtxInstruction i, PtxType to, PtxType from)
    {
        bool isWhole = i.Has("rni") || i.Has("rzi") || i.Has("rmi") || i.Has("rpi");
        bool isNarrow = to is PtxType.E4M3 or PtxType.E5M2;
        bool isSaturating = i.Has("sat") || i.Has("satfinite");
        return new Conversion(to, from, Roundings.Of(i), isWhole, isSaturating && (isNarrow || !i.Has("satfinite")), i.Has("ftz"), i.Has("relu"));
    }

    /// <summary>A register of sixteen bits keeps nothing above them.</summary>
    private static int ResultBits(PtxInstruction i, PtxType to) =>
        FunctionLowering.At(i, 0) is PtxOperand.Register register ? Math.Max(register.Value.Type.Bits(), 16) : Math.Max(to.Bits(), 16);

    private static (int Place, int Bits) Result(PtxInstruction i, FunctionLowering context, PtxOperand operand)
    {
        int bits = operand is PtxOperand.Register register ? register.Value.LaneBits : 32;
        return (context.Destination(i, operand, bits), bits);
    }

    private static (int Place, int Bits) Argument(PtxInstruction i, FunctionLowering context, PtxOperand operand, PtxType type)
    {
        if (operand is PtxOperand.Register register) return (context.Place(register.Value), register.Value.LaneBits);
        return (context.Source(i, operand, type), FunctionLowering.LaneBits(type));
    }

    private static LaneFunction1? Fast(PtxInstruction i, PtxType to, PtxType from, int dBits, int aBits)
    {
        if (i.Has("sat") || i.Has("ftz")) return null;
        Rounding rounding = Roundings.Of(i);
        return (to, from) switch
        {
            (PtxType.U64, PtxType.U32) or (PtxType.S64, PtxType.U32) or (PtxType.U64, PtxType.U16) when aBits == 32 =>
                LaneFunction1.Scalar<Widen, ulong, uint>(),
            (PtxType.S64, PtxType.S32) or (PtxType.U64, PtxType.S32) when aBits == 32 => LaneFunction1.Scalar<WidenSigned, ulong, uint>(),
            (PtxType.U32 or PtxType.S32, PtxType.U64 or PtxType.S64) when dBits == 32 => LaneFunction1.Scalar<Narrow, uint, ulong>(),
            (PtxType.U32 or PtxType.S32, PtxType.U16) when dBits == 32 => LaneFunction1.Vector32<Copy16>(),
            (PtxType.U32 or PtxType.S32, PtxType.S16) when dBits == 32 => LaneFunction1.Vector32<Extend16>(),
            (PtxType.U16 or PtxType.S16, PtxType.U32 or PtxType.S32) when aBits == 32 && dBits == 32 => LaneFunction1.Vector32<Copy16>(),
            (PtxType.U32, PtxType.U32) when aBits == 32 && dBits == 32 => LaneFunction1.Vector32<Copy>(),
            (PtxType.F32, PtxType.S32) when rounding == Rounding.Nearest && aBits == 32 => LaneFunction1.Vector32<SingleFromInteger>(),
            (PtxType.F32, PtxType.F16) => LaneFunction1.Vector32<SingleFromHalf>(),
            (PtxType.F32, PtxType.BF16) => LaneFunction1.Vector32<SingleFromBFloat>(),
            (PtxType.F16, PtxType.F32) when rounding == Rounding.Nearest && !i.Has("relu") => LaneFunction1.Vector32<HalfFromSingle>(),
            (PtxType.BF16, PtxType.F32) when rounding == Rounding.Nearest && !i.Has("relu") => LaneFunction1.Vector32<BFloatFromSingle>(),
            (PtxType.S32, PtxType.F32) when dBits == 32 => rounding switch
            {
                Rounding.Nearest => LaneFunction1.Vector32<IntegerNearest>(),
                Rounding.Zero => LaneFunction1.Vector32<IntegerTruncated>(),
                Rounding.Down => LaneFunction1.Vector32<IntegerFloor>(),
                _ => LaneFunction1.Vector32<IntegerCeiling>(),
            },
            (PtxType.F32, PtxType.F32) when rounding == Rounding.Zero => LaneFunction1.Vector32<Truncated>(),
            (PtxType.F32, PtxType.F32) when rounding == Rounding.Down => LaneFunction1.Vector32<Floor>(),
            _ => null,
        };
    }

    private static void Pairs(PtxInstruction i, FunctionLowering context, PtxType to, PtxType from)
    {
        PtxType part = to switch { PtxType.F16x2 => PtxType.F16, PtxType.BF16x2 => PtxType.BF16, PtxType.E4M3x2 => PtxType.E4M3, _ => PtxType.E5M2 };
        if (from == PtxType.F32)
        {
            int d = context.Destination(i, 0, 32), upper = context.Source(i, 1, from), lower = context.Source(i, 2, from);
            bool isPlain = Roundings.Of(i) == Rounding.Nearest && !i.Has("relu") && !i.Has("satfinite");
            if (part == PtxType.F16 && isPlain) context.Add(new BinaryOperation(LaneFunction2.Vector32<HalvesFromSingles>(), d, upper, lower));
            else if (part == PtxType.BF16 && isPlain) context.Add(new BinaryOperation(LaneFunction2.Vector32<BFloatsFromSingles>(), d, upper, lower));
            else context.Add(new PackConvertOperation(Plan(i, part, from), part.Bits(), d, upper, lower));
            return;
        }
        if (to is PtxType.F16x2 && from is PtxType.E4M3x2 or PtxType.E5M2x2)
        {
            PtxType source = from == PtxType.E4M3x2 ? PtxType.E4M3 : PtxType.E5M2;
            context.Add(new UnpackConvertOperation(Plan(i, part, source), context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B16)));
            return;
        }
        if (from == PtxType.F16x2 && part is PtxType.E4M3 or PtxType.E5M2)
        {
            int d = context.Destination(i, 0, 32), a = context.Source(i, 1, PtxType.B32), low = context.Temporary(), high = context.Temporary();
            context.Add(new UnaryOperation(LaneFunction1.Vector32<Copy16>(), low, a));
            context.Add(new ShiftOperation(high, a, 16, false, false, false));
            context.Add(new PackConvertOperation(Plan(i, part, PtxType.F16), 8, d, high, low));
            return;
        }
        throw i.Refuse("the types are not supported.");
    }

    /// <summary>cvt.pack.sat: two integers, saturated and packed, above the value of c.</summary>
    private static void Pack(PtxInstruction i, FunctionLowering context)
    {
        PtxType to = i.Types[0], from = i.Types[1];
        int d = context.Destination(i, 0, 32), a = context.Source(i, 1, from), b = context.Source(i, 2, from);
        var plan = new Conversion(to, from, Rounding.Nearest, false, true, false, false);
        if (to.Bits() == 16)
        {
            context.Add(new PackConvertOperation(plan, 16, d, a, b));
            return;
        }
        int c = context.Source(i, 3, PtxType.B32), shifted = context.Temporary(), packed = context.Temporary();
        context.Add(new PackConvertOperation(plan, 8, packed, a, b));
        context.Add(new ShiftOperation(shifted, c, 16, false, true, false));
        context.Add(new BinaryOperation(LaneFunction2.Vector32<Logic.Or>(), d, shifted, packed));
    }

    internal readonly struct Widen : ILane<ulong, uint>
    {
        public static ulong Invoke(uint a) => a;
    }

    internal readonly struct WidenSigned : ILane<ulong, uint>
    {
        public static ulong Invoke(uint a) => (ulong)(int)a;
    }

    internal readonly struct Narrow : ILane<uint, ulong>
    {
        public static uint Invoke(ulong a) => (uint)a;
    }

    internal readonly struct Copy : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a;
    }

    internal readonly struct Copy16 : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => a & Vector512.Create(0xFFFFu);
    }

    internal readonly struct Extend16 : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => IntegerArithmetic.Extend(a);
    }

    internal readonly struct SingleFromInteger : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Vector512.ConvertToSingle(a.AsInt32()).AsUInt32();
    }

    internal readonly struct SingleFromHalf : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Canonical(HalfVectors.FromHalf(a));
    }

    internal readonly struct SingleFromBFloat : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Canonical((a << 16).AsSingle());
    }

    internal readonly struct HalfFromSingle : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => HalfVectors.ToHalf(a.AsSingle());
    }

    internal readonly struct BFloatFromSingle : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => HalfVectors.ToBFloat(a.AsSingle());
    }

    internal readonly struct HalvesFromSingles : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            (HalfVectors.ToHalf(a.AsSingle()) << 16) | HalfVectors.ToHalf(b.AsSingle());
    }

    internal readonly struct BFloatsFromSingles : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) =>
            (HalfVectors.ToBFloat(a.AsSingle()) << 16) | HalfVectors.ToBFloat(b.AsSingle());
    }

    /// <summary>Out of range saturates, NaN gives zero.</summary>
    private static Vector512<uint> Integer(Vector512<float> a) => Vector512.ConvertToInt32(a).AsUInt32();

    internal readonly struct IntegerNearest : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Integer(Vector512.Round(a.AsSingle()));
    }

    internal readonly struct IntegerTruncated : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Integer(a.AsSingle());
    }

    internal readonly struct IntegerFloor : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Integer(Vector512.Floor(a.AsSingle()));
    }

    internal readonly struct IntegerCeiling : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => Integer(Vector512.Ceiling(a.AsSingle()));
    }

    internal readonly struct Truncated : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Canonical(Vector512.Truncate(a.AsSingle()));
    }

    internal readonly struct Floor : IVector1<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a) => SingleOperators.Canonical(Vector512.Floor(a.AsSingle()));
    }
}
