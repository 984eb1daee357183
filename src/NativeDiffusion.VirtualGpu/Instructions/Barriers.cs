using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>bar, barrier, membar, fence, griddepcontrol, nanosleep, trap: ordering and waiting. The synchronisation itself is at the block's start.</summary>
internal static class Barriers
{
    public static void Barrier(PtxInstruction i, FunctionLowering context)
    {
        if (i.Has("warp"))
        {
            context.HasPartialOrder |= FunctionLowering.At(i, 0) is not PtxOperand.Immediate { Bits: var bits } || (uint)bits != uint.MaxValue;
            context.Add(new WarpBarrierOperation(context.Source(i, 0, PtxType.B32)));
            return;
        }
        context.HasPartialOrder |= i.Operands.Count > (i.Has("red") ? 3 : 1);
        if (!i.Has("red")) return;
        if (i.Has("popc")) context.Add(new BarrierResultOperation(BarrierResult.Count, context.Destination(i, 0, 32)));
        else context.Add(
            new BarrierResultOperation(i.Has("and") ? BarrierResult.All : BarrierResult.Any, context.PredicateDestination(i, FunctionLowering.At(i, 0))));
    }

    public static void Fence(PtxInstruction i, FunctionLowering context)
    {
        if (i.Has("proxy") || i.Has("mbarrier_init") || i.Modifiers.Any(modifier => modifier.StartsWith("proxy", StringComparison.Ordinal))) return;
        bool isWide = LoadsAndStores.IsWide(i);
        context.HasGlobalFences |= isWide;
        context.HasPartialOrder = true;
        context.Add(new FenceOperation(isWide));
    }

    public static void Dependencies(PtxInstruction i, FunctionLowering context)
    {
        if (i.Has("wait")) context.Add(new DependencyWaitOperation());
    }

    public static void Trap(PtxInstruction i, FunctionLowering context) => context.Add(new TrapOperation());

    /// <summary>nanosleep has no timing.</summary>
    public static void Sleep(PtxInstruction i, FunctionLowering context) => _ = context.Source(i, 0, PtxType.U32);
}
