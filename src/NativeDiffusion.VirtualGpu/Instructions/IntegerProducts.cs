using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>mul, mad (.lo, .hi, .wide), mul24, mad24, sad, div, rem, dp4a, dp2a on integers.</summary>
internal static class IntegerProducts
{
    /// <summary>mul.</summary>
    public static void Multiply(PtxInstruction i, FunctionLowering context)
    {
        PtxType type = i.Type;
        bool isWide = i.Has("wide"), isHigh = i.Has("hi");
        int bits = FunctionLowering.LaneBits(type);
        int d = context.Destination(i, 0, isWide && type.Bits() == 32 ? 64 : bits);
        int a = context.Source(i, 1, type), b = context.Source(i, 2, type);
        context.Add(new BinaryOperation(Product(i, type, isWide, isHigh), d, a, b));
    }

    private static LaneFunction2 Product(PtxInstruction i, PtxType type, bool isWide, bool isHigh) => type switch
    {
        PtxType.U16 or PtxType.S16 when isWide => type == PtxType.U16 ? LaneFunction2.Vector32<MultiplyLow>() : LaneFunction2.Vector32<MultiplyWide16>(),
        PtxType.U16 when isHigh => LaneFunction2.Vector32<MultiplyHigh16>(),
        PtxType.S16 when isHigh => LaneFunction2.Vector32<MultiplyHighSigned16>(),
        PtxType.U16 or PtxType.S16 => LaneFunction2.Vector32<IntegerArithmetic.Low16<MultiplyLow>>(),
        PtxType.U32 when isWide => LaneFunction2.Scalar<MultiplyWide, ulong, uint, uint>(),
        PtxType.S32 when isWide => LaneFunction2.Scalar<MultiplyWideSigned, ulong, uint, uint>(),
        PtxType.U32 when isHigh => LaneFunction2.Scalar<MultiplyHigh>(),
        PtxType.S32 when isHigh => LaneFunction2.Scalar<MultiplyHighSigned>(),
        PtxType.U32 or PtxType.S32 => LaneFunction2.Vector32<MultiplyLow>(),
        PtxType.U64 when isHigh => LaneFunction2.Scalar<MultiplyHigh64, ulong, ulong, ulong>(),
        PtxType.S64 when isHigh => LaneFunction2.Scalar<MultiplyHighSigned64, ulong, ulong, ulong>(),
        PtxType.U64 or PtxType.S64 when !isWide => LaneFunction2.Vector64<MultiplyLow64>(),
        _ => throw i.Refuse("the type is not supported."),
    };

    /// <summary>mad.</summary>
    public static void MultiplyAdd(PtxInstruction i, FunctionLowering context)
    {
        PtxType type = i.Type;
        bool isWide = i.Has("wide"), isHigh = i.Has("hi");
        PtxType sum = !isWide ? type : type.Bits() == 32 ? PtxType.U64 : PtxType.U32;
        int d = context.Destination(i, 0, FunctionLowering.LaneBits(sum));
        int a = context.Source(i, 1, type), b = context.Source(i, 2, type), c = context.Source(i, 3, sum);
        LaneFunction3 function = type switch
        {
            PtxType.U16 when isWide => LaneFunction3.Vector32<MultiplyAddLow>(),
            PtxType.S16 when isWide => LaneFunction3.Vector32<MultiplyAddWide16>(),
            PtxType.U16 or PtxType.S16 when !isHigh => LaneFunction3.Vector32<MultiplyAddLow16>(),
            PtxType.U32 when isWide => LaneFunction3.Scalar<MultiplyAddWide, ulong, uint, uint, ulong>(),
            PtxType.S32 when isWide => LaneFunction3.Scalar<MultiplyAddWideSigned, ulong, uint, uint, ulong>(),
            PtxType.U32 when isHigh => LaneFunction3.Scalar<MultiplyAddHigh>(),
            PtxType.S32 when isHigh && i.Has("sat") => LaneFunction3.Scalar<MultiplyAddHighSaturated>(),
            PtxType.S32 when isHigh => LaneFunction3.Scalar<MultiplyAddHighSigned>(),
            PtxType.U32 or PtxType.S32 => LaneFunction3.Vector32<MultiplyAddLow>(),
            PtxType.U64 when isHigh => LaneFunction3.Scalar<MultiplyAddHigh64, ulong, ulong, ulong, ulong>(),
            PtxType.S64 when isHigh => LaneFunction3.Scalar<MultiplyAddHighSigned64, ulong, ulong, ulong, ulong>(),
            PtxType.U64 or PtxType.S64 when !isWide => LaneFunction3.Vector64<MultiplyAddLow64>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        context.Add(new TernaryOperation(function, d, a, b, c));
    }

    /// <summary>mul24, mad24.</summary>
    public static void Multiply24(PtxInstruction i, FunctionLowering context)
    {
        bool isSigned = i.Type == PtxType.S32, isHigh = i.Has("hi");
        int d = context.Destination(i, 0, 32), a = context.Source(i, 1, i.Type), b = context.Source(i, 2, i.Type);
        LaneFunction2 product = (isSigned, isHigh) switch
        {
            (false, false) => LaneFunction2.Scalar<Product24>(),
            (true, false) => LaneFunction2.Scalar<ProductSigned24>(),
            (false, true) => LaneFunction2.Scalar<ProductHigh24>(),
            (true, true) => LaneFunction2.Scalar<ProductHighSigned24>(),
        };
        if (i.Opcode == "mul24")
        {
            context.Add(new BinaryOperation(product, d, a, b));
            return;
        }
        int c = context.Source(i, 3, i.Type), scratch = context.Temporary();
        context.Add(new BinaryOperation(product, scratch, a, b));
        context.Add(new BinaryOperation(LaneFunction2.Vector32<IntegerArithmetic.Add>(), d, scratch, c));
    }

    /// <summary>sad: |a - b| + c.</summary>
    public static void SumOfDifferences(PtxInstruction i, FunctionLowering context)
    {
        LaneFunction3 function = i.Type switch
        {
            PtxType.U16 => LaneFunction3.Scalar<Difference16>(),
            PtxType.S16 => LaneFunction3.Scalar<DifferenceSigned16>(),
            PtxType.U32 => LaneFunction3.Scalar<Difference>(),
            PtxType.S32 => LaneFunction3.Scalar<DifferenceSigned>(),
            PtxType.U64 => LaneFunction3.Scalar<Difference64, ulong, ulong, ulong, ulong>(),
            PtxType.S64 => LaneFunction3.Scalar<DifferenceSigned64, ulong, ulong, ulong, ulong>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        context.Add(new TernaryOperation(
            function, context.Destination(i, 0, FunctionLowering.LaneBits(i.Type)), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type),
            context.Source(i, 3, i.Type)));
    }

    /// <summary>div and rem on integers.</summary>
    public static void Divide(PtxInstruction i, FunctionLowering context)
    {
        LaneFunction2 function = (i.Type, i.Opcode == "div") switch
        {
            (PtxType.U16, true) => LaneFunction2.Scalar<Quotient16>(),
            (PtxType.U32, true) => LaneFunction2.Scalar<Quotient>(),
            (PtxType.U16 or PtxType.U32, false) => LaneFunction2.Scalar<Remainder>(),
            (PtxType.S32, true) => LaneFunction2.Scalar<QuotientSigned>(),
            (PtxType.S32, false) => LaneFunction2.Scalar<RemainderSigned>(),
            (PtxType.S16, true) => LaneFunction2.Scalar<QuotientSigned16>(),
            (PtxType.S16, false) => LaneFunction2.Scalar<RemainderSigned16>(),
            (PtxType.U64, true) => LaneFunction2.Scalar<Quotient64, ulong, ulong, ulong>(),
            (PtxType.U64, false) => LaneFunction2.Scalar<Remainder64, ulong, ulong, ulong>(),
            (PtxType.S64, true) => LaneFunction2.Scalar<QuotientSigned64, ulong, ulong, ulong>(),
            (PtxType.S64, false) => LaneFunction2.Scalar<RemainderSigned64, ulong, ulong, ulong>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        context.Add(new BinaryOperation(
            function, context.Destination(i, 0, FunctionLowering.LaneBits(i.Type)), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type)));
    }

    internal readonly struct MultiplyLow : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => a * b;
    }

    internal readonly struct MultiplyWide16 : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => IntegerArithmetic.Extend(a) * IntegerArithmetic.Extend(b);
    }

    internal readonly struct MultiplyHigh16 : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => (a * b) >> 16;
    }

    internal readonly struct MultiplyHighSigned16 : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => (IntegerArithmetic.Extend(a) * IntegerArithmetic.Extend(b)) >> 16;
    }

    internal readonly struct MultiplyLow64 : IVector2<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b) => a * b;
    }

    internal readonly struct MultiplyAddLow : IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => (a * b) + c;
    }

    internal readonly struct MultiplyAddLow16 : IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => ((a * b) + c) & Vector512.Create(0xFFFFu);
    }

    internal readonly struct MultiplyAddWide16 : IVector3<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
            (IntegerArithmetic.Extend(a) * IntegerArithmetic.Extend(b)) + c;
    }

    internal readonly struct MultiplyAddLow64 : IVector3<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => (a * b) + c;
    }

    internal readonly struct MultiplyWide : ILane<ulong, uint, uint>
    {
        public static ulong Invoke(uint a, uint b) => (ulong)a * b;
    }

    internal readonly struct MultiplyWideSigned : ILane<ulong, uint, uint>
    {
        public static ulong Invoke(uint a, uint b) => (ulong)((long)(int)a * (int)b);
    }

    internal readonly struct MultiplyHigh : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)(((ulong)a * b) >> 32);
    }

    internal readonly struct MultiplyHighSigned : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)(((long)(int)a * (int)b) >> 32);
    }

    internal readonly struct MultiplyHigh64 : ILane<ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b) => Math.BigMul(a, b, out _);
    }

    internal readonly struct MultiplyHighSigned64 : ILane<ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b) => (ulong)Math.BigMul((long)a, (long)b, out _);
    }

    internal readonly struct MultiplyAddWide : ILane<ulong, uint, uint, ulong>
    {
        public static ulong Invoke(uint a, uint b, ulong c) => ((ulong)a * b) + c;
    }

    internal readonly struct MultiplyAddWideSigned : ILane<ulong, uint, uint, ulong>
    {
        public static ulong Invoke(uint a, uint b, ulong c) => (ulong)((long)(int)a * (int)b) + c;
    }

    internal readonly struct MultiplyAddHigh : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (uint)(((ulong)a * b) >> 32) + c;
    }

    internal readonly struct MultiplyAddHighSigned : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (uint)(((long)(int)a * (int)b) >> 32) + c;
    }

    internal readonly struct MultiplyAddHighSaturated : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) =>
            (uint)(int)Math.Clamp((((long)(int)a * (int)b) >> 32) + (int)c, int.MinValue, int.MaxValue);
    }

    internal readonly struct MultiplyAddHigh64 : ILane<ulong, ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b, ulong c) => Math.BigMul(a, b, out _) + c;
    }

    internal readonly struct MultiplyAddHighSigned64 : ILane<ulong, ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b, ulong c) => (ulong)Math.BigMul((long)a, (long)b, out _) + c;
    }

    private static ulong Full24(uint a, uint b) => (ulong)(a & 0xFF_FFFF) * (b & 0xFF_FFFF);

    private static long FullSigned24(uint a, uint b) => (long)((int)(a << 8) >> 8) * ((int)(b << 8) >> 8);

    internal readonly struct Product24 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)Full24(a, b);
    }

    internal readonly struct ProductSigned24 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)FullSigned24(a, b);
    }

    internal readonly struct ProductHigh24 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)(Full24(a, b) >> 16);
    }

    internal readonly struct ProductHighSigned24 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)(FullSigned24(a, b) >> 16);
    }

    internal readonly struct Difference : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (a < b ? b - a : a - b) + c;
    }

    internal readonly struct DifferenceSigned : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => ((int)a < (int)b ? b - a : a - b) + c;
    }

    internal readonly struct Difference16 : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (ushort)((a < b ? b - a : a - b) + c);
    }

    internal readonly struct DifferenceSigned16 : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (ushort)(uint)(Math.Abs((short)a - (short)b) + (short)c);
    }

    internal readonly struct Difference64 : ILane<ulong, ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b, ulong c) => (a < b ? b - a : a - b) + c;
    }

    internal readonly struct DifferenceSigned64 : ILane<ulong, ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b, ulong c) => ((long)a < (long)b ? b - a : a - b) + c;
    }

    // Division by zero gives all ones and leaves the dividend as remainder, as the card's own sequence does.
    internal readonly struct Quotient : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b == 0 ? uint.MaxValue : a / b;
    }

    internal readonly struct Quotient16 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b == 0 ? ushort.MaxValue : a / b;
    }

    internal readonly struct Remainder : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b == 0 ? a : a % b;
    }

    internal readonly struct QuotientSigned : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b == 0 ? uint.MaxValue : (uint)((long)(int)a / (int)b);
    }

    internal readonly struct RemainderSigned : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b == 0 ? a : (uint)((long)(int)a % (int)b);
    }

    internal readonly struct QuotientSigned16 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (short)b == 0 ? 0xFFFFu : (ushort)((short)a / (short)b);
    }

    internal readonly struct RemainderSigned16 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (short)b == 0 ? a : (ushort)((short)a % (short)b);
    }

    internal readonly struct Quotient64 : ILane<ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b) => b == 0 ? ulong.MaxValue : a / b;
    }

    internal readonly struct Remainder64 : ILane<ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b) => b == 0 ? a : a % b;
    }

    internal readonly struct QuotientSigned64 : ILane<ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b) => b switch { 0 => ulong.MaxValue, ulong.MaxValue => 0 - a, _ => (ulong)((long)a / (long)b) };
    }

    internal readonly struct RemainderSigned64 : ILane<ulong, ulong, ulong>
    {
        public static ulong Invoke(ulong a, ulong b) => b switch { 0 => a, ulong.MaxValue => 0, _ => (ulong)((long)a % (long)b) };
    }
}
