using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>shfl, vote, match, redux, elect, activemask: values of the other lanes.</summary>
internal static class WarpInstructions
{
    public static void Shuffle(PtxInstruction i, FunctionLowering context)
    {
        RequireSync(i);
        PtxOperand result = FunctionLowering.At(i, 0);
        (PtxOperand value, PtxOperand? predicate) = result is PtxOperand.Pair pair ? (pair.First, pair.Second) : (result, null);
        ShuffleMode mode = i.Has("up") ? ShuffleMode.Up : i.Has("down") ? ShuffleMode.Down : i.Has("bfly") ? ShuffleMode.Butterfly : ShuffleMode.Index;
        context.Add(new ShuffleOperation(
            mode, context.Destination(i, value, 32), predicate is null ? -1 : context.PredicateDestination(i, predicate), context.Source(i, 1, PtxType.B32),
            context.Source(i, 2, PtxType.B32), context.Source(i, 3, PtxType.B32), context.Source(i, 4, PtxType.B32)));
    }

    public static void Vote(PtxInstruction i, FunctionLowering context)
    {
        RequireSync(i);
        (int p, bool isNegated) = context.Predicate(i, FunctionLowering.At(i, 1));
        int members = context.Source(i, 2, PtxType.B32);
        VoteMode mode = i.Has("ballot") ? VoteMode.Ballot : i.Has("all") ? VoteMode.All : i.Has("any") ? VoteMode.Any : VoteMode.Uniform;
        int d = mode == VoteMode.Ballot ? context.Destination(i, 0, 32) : context.PredicateDestination(i, FunctionLowering.At(i, 0));
        context.Add(new VoteOperation(mode, d, p, isNegated, members));
    }

    public static void Match(PtxInstruction i, FunctionLowering context)
    {
        RequireSync(i);
        PtxOperand result = FunctionLowering.At(i, 0);
        (PtxOperand value, PtxOperand? predicate) = result is PtxOperand.Pair pair ? (pair.First, pair.Second) : (result, null);
        context.Add(new MatchOperation(
            i.Has("all"), i.Type.Bits() == 64, context.Destination(i, value, 32), predicate is null ? -1 : context.PredicateDestination(i, predicate),
            context.Source(i, 1, i.Type), context.Source(i, 2, PtxType.B32)));
    }

    public static void Reduce(PtxInstruction i, FunctionLowering context)
    {
        RequireSync(i);
        string function = i.Modifiers.First(modifier => modifier is "add" or "min" or "max" or "and" or "or" or "xor");
        context.Add(new WarpReduceOperation(
            function, i.Type, i.Has("abs"), i.Has("NaN"), context.Destination(i, 0, 32), context.Source(i, 1, i.Type), context.Source(i, 2, PtxType.B32)));
    }

    public static void Elect(PtxInstruction i, FunctionLowering context)
    {
        RequireSync(i);
        PtxOperand result = FunctionLowering.At(i, 0);
        if (result is not PtxOperand.Pair pair) throw i.Refuse("expected a register and a predicate.");
        context.Add(new ElectOperation(
            context.Destination(i, pair.First, 32), context.PredicateDestination(i, pair.Second), context.Source(i, 1, PtxType.B32)));
    }

    public static void ActiveMask(PtxInstruction i, FunctionLowering context) => context.Add(new ActiveMaskOperation(context.Destination(i, 0, 32)));

    private static void RequireSync(PtxInstruction i)
    {
        if (!i.Has("sync")) throw i.Refuse("the form without .sync is not supported since sm_70.");
    }
}
