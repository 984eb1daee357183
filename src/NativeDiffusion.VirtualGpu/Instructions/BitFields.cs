using System.Numerics;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>popc, clz, bfind, brev, fns, bfe, bfi, bmsk, szext.</summary>
internal static class BitFields
{
    /// <summary>popc, clz: the result has 32 bits; brev has the source's.</summary>
    public static void Count(PtxInstruction i, FunctionLowering context)
    {
        bool is64 = i.Type.Bits() == 64;
        int a = context.Source(i, 1, i.Type);
        LaneFunction1 function = (i.Opcode, is64) switch
        {
            ("popc", false) => LaneFunction1.Scalar<Population>(),
            ("popc", true) => LaneFunction1.Scalar<Population64, uint, ulong>(),
            ("clz", false) => LaneFunction1.Scalar<LeadingZeros>(),
            ("clz", true) => LaneFunction1.Scalar<LeadingZeros64, uint, ulong>(),
            ("brev", false) => LaneFunction1.Scalar<Reverse>(),
            _ => LaneFunction1.Scalar<Reverse64, ulong, ulong>(),
        };
        context.Add(new UnaryOperation(function, context.Destination(i, 0, i.Opcode == "brev" && is64 ? 64 : 32), a));
    }

    /// <summary>bfind: the highest bit that differs from the sign.</summary>
    public static void FindLeading(PtxInstruction i, FunctionLowering context)
    {
        bool isShift = i.Has("shiftamt");
        LaneFunction1 function = i.Type switch
        {
            PtxType.U32 => isShift ? LaneFunction1.Scalar<LeadingShift>() : LaneFunction1.Scalar<LeadingBit>(),
            PtxType.S32 => isShift ? LaneFunction1.Scalar<LeadingShiftSigned>() : LaneFunction1.Scalar<LeadingBitSigned>(),
            PtxType.U64 => isShift ? LaneFunction1.Scalar<LeadingShift64, uint, ulong>() : LaneFunction1.Scalar<LeadingBit64, uint, ulong>(),
            PtxType.S64 => isShift ? LaneFunction1.Scalar<LeadingShiftSigned64, uint, ulong>() : LaneFunction1.Scalar<LeadingBitSigned64, uint, ulong>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        context.Add(new UnaryOperation(function, context.Destination(i, 0, 32), context.Source(i, 1, i.Type)));
    }

    /// <summary>fns: the n-th set bit from a base, up or down.</summary>
    public static void FindNth(PtxInstruction i, FunctionLowering context) => context.Add(new TernaryOperation(
        LaneFunction3.Scalar<NthSet>(), context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B32), context.Source(i, 2, PtxType.B32),
        context.Source(i, 3, PtxType.S32)));

    /// <summary>bfe: a field, zero- or sign-extended.</summary>
    public static void Extract(PtxInstruction i, FunctionLowering context)
    {
        LaneFunction3 function = i.Type switch
        {
            PtxType.U32 => LaneFunction3.Scalar<ExtractUnsigned>(),
            PtxType.S32 => LaneFunction3.Scalar<ExtractSigned>(),
            PtxType.U64 => LaneFunction3.Scalar<ExtractUnsigned64, ulong, ulong, uint, uint>(),
            PtxType.S64 => LaneFunction3.Scalar<ExtractSigned64, ulong, ulong, uint, uint>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        context.Add(new TernaryOperation(
            function, context.Destination(i, 0, FunctionLowering.LaneBits(i.Type)), context.Source(i, 1, i.Type), context.Source(i, 2, PtxType.U32),
            context.Source(i, 3, PtxType.U32)));
    }

    /// <summary>bfi: a field put into b.</summary>
    public static void Insert(PtxInstruction i, FunctionLowering context)
    {
        bool is64 = i.Type.Bits() == 64;
        context.Add(new InsertOperation(
            is64, context.Destination(i, 0, is64 ? 64 : 32), context.Source(i, 1, i.Type), context.Source(i, 2, i.Type),
            context.Source(i, 3, PtxType.U32), context.Source(i, 4, PtxType.U32)));
    }

    /// <summary>bmsk: ones from a position on.</summary>
    public static void Mask(PtxInstruction i, FunctionLowering context) => context.Add(new BinaryOperation(
        i.Has("wrap") ? LaneFunction2.Scalar<MaskWrapped>() : LaneFunction2.Scalar<MaskClamped>(), context.Destination(i, 0, 32),
        context.Source(i, 1, PtxType.B32), context.Source(i, 2, PtxType.B32)));

    /// <summary>szext: sign- or zero-extends from a number of bits.</summary>
    public static void Extend(PtxInstruction i, FunctionLowering context) => context.Add(new BinaryOperation(
        (i.Type == PtxType.S32, i.Has("wrap")) switch
        {
            (false, false) => LaneFunction2.Scalar<ExtendZero>(),
            (false, true) => LaneFunction2.Scalar<ExtendZeroWrapped>(),
            (true, false) => LaneFunction2.Scalar<ExtendSign>(),
            (true, true) => LaneFunction2.Scalar<ExtendSignWrapped>(),
        },
        context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B32), context.Source(i, 2, PtxType.B32)));

    internal readonly struct Population : ILane<uint, uint>
    {
        public static uint Invoke(uint a) => (uint)BitOperations.PopCount(a);
    }

    internal readonly struct Population64 : ILane<uint, ulong>
    {
        public static uint Invoke(ulong a) => (uint)BitOperations.PopCount(a);
    }

    internal readonly struct LeadingZeros : ILane<uint, uint>
    {
        public static uint Invoke(uint a) => (uint)BitOperations.LeadingZeroCount(a);
    }

    internal readonly struct LeadingZeros64 : ILane<uint, ulong>
    {
        public static uint Invoke(ulong a) => (uint)BitOperations.LeadingZeroCount(a);
    }

    internal readonly struct Reverse : ILane<uint, uint>
    {
        public static uint Invoke(uint a) => (uint)(Reverse64.Invoke(a) >> 32);
    }

    internal readonly struct Reverse64 : ILane<ulong, ulong>
    {
        public static ulong Invoke(ulong a)
        {
            a = ((a >> 1) & 0x5555_5555_5555_5555) | ((a & 0x5555_5555_5555_5555) << 1);
            a = ((a >> 2) & 0x3333_3333_3333_3333) | ((a & 0x3333_3333_3333_3333) << 2);
            a = ((a >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((a & 0x0F0F_0F0F_0F0F_0F0F) << 4);
            return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(a);
        }
    }

    internal readonly struct LeadingBit : ILane<uint, uint>
    {
        public static uint Invoke(uint a) => a == 0 ? uint.MaxValue : (uint)BitOperations.Log2(a);
    }

    internal readonly struct LeadingBitSigned : ILane<uint, uint>
    {
        public static uint Invoke(uint a) => LeadingBit.Invoke((int)a < 0 ? ~a : a);
    }

    internal readonly struct LeadingShift : ILane<uint, uint>
    {
        public static uint Invoke(uint a) => a == 0 ? uint.MaxValue : 31 - (uint)BitOperations.Log2(a);
    }

    internal readonly struct LeadingShiftSigned : ILane<uint, uint>
    {
        public static uint Invoke(uint a) => LeadingShift.Invoke((int)a < 0 ? ~a : a);
    }

    internal readonly struct LeadingBit64 : ILane<uint, ulong>
    {
        public static uint Invoke(ulong a) => a == 0 ? uint.MaxValue : (uint)BitOperations.Log2(a);
    }

    internal readonly struct LeadingBitSigned64 : ILane<uint, ulong>
    {
        public static uint Invoke(ulong a) => LeadingBit64.Invoke((long)a < 0 ? ~a : a);
    }

    internal readonly struct LeadingShift64 : ILane<uint, ulong>
    {
        public static uint Invoke(ulong a) => a == 0 ? uint.MaxValue : 63 - (uint)BitOperations.Log2(a);
    }

    internal readonly struct LeadingShiftSigned64 : ILane<uint, ulong>
    {
        public static uint Invoke(ulong a) => LeadingShift64.Invoke((long)a < 0 ? ~a : a);
    }

    internal readonly struct NthSet : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint mask, uint start, uint offset)
        {
            int count = (int)offset, step = count >= 0 ? 1 : -1;
            if (start > 31) return uint.MaxValue;
            if (count == 0) return (mask >> (int)start & 1) != 0 ? start : uint.MaxValue;
            for (int at = (int)start, left = Math.Abs(count); at is >= 0 and < 32; at += step)
                if ((mask >> at & 1) != 0 && --left == 0) return (uint)at;
            return uint.MaxValue;
        }
    }

    internal readonly struct ExtractUnsigned : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint position, uint length)
        {
            int from = (int)(position & 255), count = (int)(length & 255);
            if (from > 31 || count == 0) return 0;
            uint value = a >> from;
            return count > 31 ? value : value & ((1u << count) - 1);
        }
    }

    internal readonly struct ExtractSigned : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint position, uint length)
        {
            int from = (int)(position & 255), count = (int)(length & 255);
            if (count == 0) return 0;
            int last = Math.Min(from + count - 1, 31);
            uint sign = (a >> last & 1) != 0 ? uint.MaxValue : 0;
            if (from > 31) return sign;
            int kept = last - from + 1;
            uint value = a >> from;
            return kept > 31 ? value : (value & ((1u << kept) - 1)) | (sign << kept);
        }
    }

    internal readonly struct ExtractUnsigned64 : ILane<ulong, ulong, uint, uint>
    {
        public static ulong Invoke(ulong a, uint position, uint length)
        {
            int from = (int)(position & 255), count = (int)(length & 255);
            if (from > 63 || count == 0) return 0;
            ulong value = a >> from;
            return count > 63 ? value : value & ((1ul << count) - 1);
        }
    }

    internal readonly struct ExtractSigned64 : ILane<ulong, ulong, uint, uint>
    {
        public static ulong Invoke(ulong a, uint position, uint length)
        {
            int from = (int)(position & 255), count = (int)(length & 255);
            if (count == 0) return 0;
            int last = Math.Min(from + count - 1, 63);
            ulong sign = (a >> last & 1) != 0 ? ulong.MaxValue : 0;
            if (from > 63) return sign;
            int kept = last - from + 1;
            ulong value = a >> from;
            return kept > 63 ? value : (value & ((1ul << kept) - 1)) | (sign << kept);
        }
    }

    internal readonly struct MaskClamped : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => a > 31 || b == 0 ? 0 : (b > 31 ? uint.MaxValue : (1u << (int)b) - 1) << (int)a;
    }

    internal readonly struct MaskWrapped : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => MaskClamped.Invoke(a & 31, b & 31);
    }

    internal readonly struct ExtendZero : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b > 31 ? a : b == 0 ? 0 : a & ((1u << (int)b) - 1);
    }

    internal readonly struct ExtendZeroWrapped : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => ExtendZero.Invoke(a, b & 31);
    }

    internal readonly struct ExtendSign : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b > 31 ? a : b == 0 ? 0 : (uint)((int)(a << (32 - (int)b)) >> (32 - (int)b));
    }

    internal readonly struct ExtendSignWrapped : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => ExtendSign.Invoke(a, b & 31);
    }
}
