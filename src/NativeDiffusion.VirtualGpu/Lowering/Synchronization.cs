using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>The synchronisation of the instruction at the start of a block.</summary>
internal static class Synchronization
{
    public static SynchronizationPoint Point(PtxInstruction i, FunctionLowering context)
    {
        switch (i.Opcode)
        {
            case "bar" when i.Has("warp"):
                return Members(i, context, 0, SynchronizationKind.WarpBarrier);
            case "bar" or "barrier":
                if (i.Has("cluster")) throw i.Refuse("clusters are not supported.");
                return Barrier(i, context);
            case "shfl":
                return Members(i, context, 4, SynchronizationKind.Members);
            case "vote" or "match" or "redux":
                return Members(i, context, 2, SynchronizationKind.Members);
            case "elect":
                return Members(i, context, 1, SynchronizationKind.Members);
            default:
                return new SynchronizationPoint { Kind = SynchronizationKind.Warp, Source = i, IsAligned = true };
        }
    }

    private static SynchronizationPoint Members(PtxInstruction i, FunctionLowering context, int index, SynchronizationKind kind) => new()
    {
        Kind = kind,
        Source = i,
        IsAligned = false,
        First = context.Source(i, index, PtxType.B32),
    };

    private static SynchronizationPoint Barrier(PtxInstruction i, FunctionLowering context)
    {
        bool isReduction = i.Has("red");
        int first = isReduction ? 1 : 0, predicate = isReduction ? i.Operands.Count - 1 : -1;
        int counted = isReduction ? i.Operands.Count - 3 : i.Operands.Count - 1;
        bool isArrive = i.Has("arrive");
        if (isArrive && counted < 1) throw i.Refuse("bar.arrive needs a number of threads.");
        (int place, bool isNegated) = predicate >= 0 ? context.Predicate(i, FunctionLowering.At(i, predicate)) : (-1, false);
        return new SynchronizationPoint
        {
            Kind = isArrive ? SynchronizationKind.BarrierArrive : SynchronizationKind.Barrier,
            Source = i,
            // bar is barrier.aligned.
            IsAligned = i.Opcode == "bar" || i.Has("aligned"),
            First = context.Source(i, first, PtxType.U32),
            Count = counted > 0 ? context.Source(i, first + 1, PtxType.U32) : -1,
            Predicate = place,
            IsPredicateNegated = isNegated,
        };
    }
}
