using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>mov: plain, packing and unpacking, special registers, addresses.</summary>
internal static class Moves
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        PtxOperand to = FunctionLowering.At(i, 0), from = FunctionLowering.At(i, 1);
        if (i.Type == PtxType.Pred)
        {
            (int p, bool isNegated) = context.Predicate(i, from);
            context.Add(new PredicateOperation("mov", context.PredicateDestination(i, to), p, isNegated, p, false));
        }
        else if (from is PtxOperand.Vector parts) Pack(i, context, to, parts.Elements);
        else if (to is PtxOperand.Vector results) Unpack(i, context, results.Elements, from);
        else if (from is PtxOperand.Special { Name: "%clock" or "%clock_hi" or "%clock64" or "%globaltimer" or "%globaltimer_lo" or "%globaltimer_hi" } clock)
            context.Add(
                new ClockOperation(
                context.Destination(
                i, to, FunctionLowering.LaneBits(i.Type)), FunctionLowering.LaneBits(i.Type) == 64, clock.Name.EndsWith("_hi", StringComparison.Ordinal)));
        else Copy(i, context, context.Destination(i, to, FunctionLowering.LaneBits(i.Type)), context.Source(i, from, i.Type));
    }

    private static void Copy(PtxInstruction i, FunctionLowering context, int d, int a)
    {
        switch (i.Type.Bits())
        {
            case 64:
                context.Add(new UnaryOperation(LaneFunction1.Vector64<Copy64>(), d, a));
                break;
            case 128:
                context.Add(new UnaryOperation(LaneFunction1.Vector64<Copy64>(), d, a));
                context.Add(new UnaryOperation(LaneFunction1.Vector64<Copy64>(), d + 256, a + 256));
                break;
            case 16:
                // A 32-bit special register is accepted here.
                context.Add(new UnaryOperation(LaneFunction1.Vector32<Conversions.Copy16>(), d, a));
                break;
            default:
                context.Add(new UnaryOperation(LaneFunction1.Vector32<Conversions.Copy>(), d, a));
                break;
        }
    }

    private static PtxType PartType(PtxInstruction i, int count) => (i.Type.Bits() / count) switch
    {
        8 => PtxType.B8,
        16 => PtxType.B16,
        32 => PtxType.B32,
        64 => PtxType.B64,
        _ => throw i.Refuse($"{count} parts do not have the size of the type."),
    };

    private static void Pack(PtxInstruction i, FunctionLowering context, PtxOperand to, IReadOnlyList<PtxOperand> parts)
    {
        PtxType part = PartType(i, parts.Count);
        int[] places = [.. parts.Select(operand => context.Source(i, operand, part))];
        int d = context.Destination(i, to, FunctionLowering.LaneBits(i.Type));
        if (i.Type.Bits() == 32 && parts.Count == 2) context.Add(new BinaryOperation(LaneFunction2.Vector32<JoinHalves>(), d, places[0], places[1]));
        else if (i.Type.Bits() == 64 && parts.Count == 2) context.Add(
            new BinaryOperation(LaneFunction2.Scalar<JoinWords, ulong, uint, uint>(), d, places[0], places[1]));
        else context.Add(new PackOperation(d, i.Type.Bits(), places));
    }

    private static void Unpack(PtxInstruction i, FunctionLowering context, IReadOnlyList<PtxOperand> parts, PtxOperand from)
    {
        PtxType part = PartType(i, parts.Count);
        int a = context.Source(i, from, i.Type);
        int[] places = [.. parts.Select(operand => operand is PtxOperand.Sink ? -1 : context.Destination(i, operand, FunctionLowering.LaneBits(part)))];
        context.Add(new UnpackOperation(a, i.Type.Bits(), places));
    }

    internal readonly struct Copy64 : IVector1<ulong>
    {
        public static Vector512<ulong> Invoke(Vector512<ulong> a) => a;
    }

    internal readonly struct JoinHalves : IVector2<uint>
    {
        public static Vector512<uint> Invoke(Vector512<uint> a, Vector512<uint> b) => (a & Vector512.Create(0xFFFFu)) | (b << 16);
    }

    internal readonly struct JoinWords : ILane<ulong, uint, uint>
    {
        public static ulong Invoke(uint a, uint b) => ((ulong)b << 32) | a;
    }
}
