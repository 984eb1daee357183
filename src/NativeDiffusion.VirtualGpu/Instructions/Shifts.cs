using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>shl, shr, shf. Amounts above the width shift everything out.</summary>
internal static class Shifts
{
    public static void Shift(PtxInstruction i, FunctionLowering context)
    {
        bool isLeft = i.Opcode == "shl", isSigned = i.Type.IsSigned();
        LaneFunction2 function = (i.Type.Bits(), isLeft, isSigned) switch
        {
            (16, true, _) => LaneFunction2.Scalar<Left16>(),
            (16, false, false) => LaneFunction2.Scalar<Right>(),
            (16, false, true) => LaneFunction2.Scalar<RightSigned16>(),
            (32, true, _) => LaneFunction2.Scalar<Left>(),
            (32, false, false) => LaneFunction2.Scalar<Right>(),
            (32, false, true) => LaneFunction2.Scalar<RightSigned>(),
            (64, true, _) => LaneFunction2.Scalar<Left64, ulong, ulong, uint>(),
            (64, false, false) => LaneFunction2.Scalar<Right64, ulong, ulong, uint>(),
            (64, false, true) => LaneFunction2.Scalar<RightSigned64, ulong, ulong, uint>(),
            _ => throw i.Refuse("the type is not supported."),
        };
        int d = context.Destination(i, 0, FunctionLowering.LaneBits(i.Type)), a = context.Source(i, 1, i.Type);
        PtxOperand amount = FunctionLowering.At(i, 2);
        if (amount is PtxOperand.Immediate { Kind: ImmediateKind.Integer } immediate && i.Type.Bits() >= 32)
        {
            // Nearly every amount is a constant: shifted as vectors.
            context.Add(new ShiftOperation(d, a, (uint)Math.Min(immediate.Bits, 255), i.Type.Bits() == 64, isLeft, isSigned));
            return;
        }
        context.Add(new BinaryOperation(function, d, a, context.Source(i, amount, PtxType.U32)));
    }

    /// <summary>shf: the upper or lower half of a shifted pair.</summary>
    public static void Funnel(PtxInstruction i, FunctionLowering context)
    {
        LaneFunction3 function = (i.Has("l"), i.Has("wrap")) switch
        {
            (true, true) => LaneFunction3.Scalar<FunnelLeftWrap>(),
            (true, false) => LaneFunction3.Scalar<FunnelLeftClamp>(),
            (false, true) => LaneFunction3.Scalar<FunnelRightWrap>(),
            (false, false) => LaneFunction3.Scalar<FunnelRightClamp>(),
        };
        context.Add(new TernaryOperation(
            function, context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B32), context.Source(i, 2, PtxType.B32), context.Source(i, 3, PtxType.U32)));
    }

    internal readonly struct Left : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b > 31 ? 0 : a << (int)b;
    }

    internal readonly struct Left16 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b > 15 ? 0u : (ushort)(a << (int)b);
    }

    internal readonly struct Right : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => b > 31 ? 0 : a >> (int)b;
    }

    internal readonly struct RightSigned : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (uint)((int)a >> (int)Math.Min(b, 31));
    }

    internal readonly struct RightSigned16 : ILane<uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b) => (ushort)((short)a >> (int)Math.Min(b, 15));
    }

    internal readonly struct Left64 : ILane<ulong, ulong, uint>
    {
        public static ulong Invoke(ulong a, uint b) => b > 63 ? 0 : a << (int)b;
    }

    internal readonly struct Right64 : ILane<ulong, ulong, uint>
    {
        public static ulong Invoke(ulong a, uint b) => b > 63 ? 0 : a >> (int)b;
    }

    internal readonly struct RightSigned64 : ILane<ulong, ulong, uint>
    {
        public static ulong Invoke(ulong a, uint b) => (ulong)((long)a >> (int)Math.Min(b, 63));
    }

    private static ulong Pair(uint a, uint b) => ((ulong)b << 32) | a;

    internal readonly struct FunnelLeftWrap : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (uint)((Pair(a, b) << (int)(c & 31)) >> 32);
    }

    internal readonly struct FunnelLeftClamp : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (uint)((Pair(a, b) << (int)Math.Min(c, 32)) >> 32);
    }

    internal readonly struct FunnelRightWrap : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (uint)(Pair(a, b) >> (int)(c & 31));
    }

    internal readonly struct FunnelRightClamp : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c) => (uint)(Pair(a, b) >> (int)Math.Min(c, 32));
    }
}
