using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>dp4a: four bytes times four bytes, added to 32 bits; dp2a: two halves of 16 bits times two bytes.</summary>
internal static class DotProducts
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        if (i.Types.Count != 2) throw i.Refuse("expected two types.");
        bool isSignedA = i.Types[0] == PtxType.S32, isSignedB = i.Types[1] == PtxType.S32;
        LaneFunction3 function = i.Opcode == "dp4a" ? OfBytes(isSignedA, isSignedB) : OfHalves(isSignedA, isSignedB, i.Has("hi"));
        context.Add(new TernaryOperation(
            function, context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B32), context.Source(i, 2, PtxType.B32), context.Source(i, 3, PtxType.B32)));
    }

    private static LaneFunction3 OfBytes(bool isSignedA, bool isSignedB) => (isSignedA, isSignedB) switch
    {
        (false, false) => LaneFunction3.Scalar<Four<No, No>>(),
        (false, true) => LaneFunction3.Scalar<Four<No, Yes>>(),
        (true, false) => LaneFunction3.Scalar<Four<Yes, No>>(),
        (true, true) => LaneFunction3.Scalar<Four<Yes, Yes>>(),
    };

    private static LaneFunction3 OfHalves(bool isSignedA, bool isSignedB, bool isHigh) => (isSignedA, isSignedB, isHigh) switch
    {
        (false, false, false) => LaneFunction3.Scalar<Two<No, No, No>>(),
        (false, true, false) => LaneFunction3.Scalar<Two<No, Yes, No>>(),
        (true, false, false) => LaneFunction3.Scalar<Two<Yes, No, No>>(),
        (true, true, false) => LaneFunction3.Scalar<Two<Yes, Yes, No>>(),
        (false, false, true) => LaneFunction3.Scalar<Two<No, No, Yes>>(),
        (false, true, true) => LaneFunction3.Scalar<Two<No, Yes, Yes>>(),
        (true, false, true) => LaneFunction3.Scalar<Two<Yes, No, Yes>>(),
        (true, true, true) => LaneFunction3.Scalar<Two<Yes, Yes, Yes>>(),
    };

    internal interface IFlag
    {
        static abstract bool Value { get; }
    }

    internal readonly struct Yes : IFlag
    {
        public static bool Value => true;
    }

    internal readonly struct No : IFlag
    {
        public static bool Value => false;
    }

    internal readonly struct Four<TSignedA, TSignedB> : ILane<uint, uint, uint, uint>
        where TSignedA : struct, IFlag
        where TSignedB : struct, IFlag
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int sum = (int)c;
            for (int shift = 0; shift < 32; shift += 8)
                sum += (TSignedA.Value ? (sbyte)(a >> shift) : (byte)(a >> shift)) * (TSignedB.Value ? (sbyte)(b >> shift) : (byte)(b >> shift));
            return (uint)sum;
        }
    }

    internal readonly struct Two<TSignedA, TSignedB, THigh> : ILane<uint, uint, uint, uint>
        where TSignedA : struct, IFlag
        where TSignedB : struct, IFlag
        where THigh : struct, IFlag
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int sum = (int)c;
            if (THigh.Value) b >>= 16;
            for (int k = 0; k < 2; k++)
            {
                uint half = a >> (16 * k), part = b >> (8 * k);
                sum += (TSignedA.Value ? (short)half : (ushort)half) * (TSignedB.Value ? (sbyte)part : (byte)part);
            }
            return (uint)sum;
        }
    }
}
