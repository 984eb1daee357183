using NativeDiffusion.VirtualGpu.Execution.Access;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>cp.async and its groups.</summary>
internal static class AsyncCopy
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        if (!i.Has("async") || i.Has("bulk") || i.Has("mbarrier") || i.Has("reduce"))
            throw i.Refuse("bulk copies, tensor maps and mbarriers are not supported; cp.async of 4, 8 and 16 bytes with its groups is.");
        if (i.Has("commit_group")) context.Add(new CopyGroupOperation(CopyGroupAction.Commit, 0));
        else if (i.Has("wait_all")) context.Add(new CopyGroupOperation(CopyGroupAction.WaitAll, 0));
        else if (i.Has("wait_group")) context.Add(new CopyGroupOperation(CopyGroupAction.Wait, (int)FunctionLowering.Immediate(i, 0)));
        else Copy(i, context);
    }

    private static void Copy(PtxInstruction i, FunctionLowering context)
    {
        if (i.Has("shared::cluster")) throw i.Refuse("clusters are not supported: a block sees its own shared memory only.");
        int bytes = (int)FunctionLowering.Immediate(i, 2);
        if (bytes is not (4 or 8 or 16) || (i.Has("cg") && bytes != 16)) throw i.Refuse(
            $"{bytes} bytes cannot be copied{(i.Has("cg") ? " by .cg; expected 16" : "")}.");
        MemoryOperand target = LoadsAndStores.Operand(i, context, LoadsAndStores.Address(i, 0)) with { Space = StateSpace.Shared };
        MemoryOperand source = LoadsAndStores.Operand(i, context, LoadsAndStores.Address(i, 1)) with { Space = StateSpace.Global };
        context.NoteSharedAccess(bytes);
        context.NoteGlobalAccess(bytes);
        int sourceBytes = -1, ignored = -1;
        bool isNegated = false;
        int extra = i.Operands.Count - 3 - (i.Has("L2::cache_hint") ? 1 : 0);
        if (extra > 0)
        {
            PtxOperand operand = FunctionLowering.At(i, 3);
            if (operand is PtxOperand.Register { Value.Type: PtxType.Pred }) (ignored, isNegated) = context.Predicate(i, operand);
            else sourceBytes = context.Source(i, operand, PtxType.U32);
        }
        context.Add(new AsyncCopyOperation(target, source, bytes, sourceBytes, ignored, isNegated, context.NextSite(), context.NextSite(), i));
    }
}
