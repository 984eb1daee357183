using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>stacksave, stackrestore, alloca: local memory of dynamic size.</summary>
internal static class Stacks
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        if (i.Type.Bits() != 64) throw i.Refuse("addresses have 64 bits.");
        switch (i.Opcode)
        {
            case "stacksave":
                context.Add(new StackOperation(StackAction.Save, context.Destination(i, 0, 64), 0));
                break;
            case "stackrestore":
                context.Add(new StackOperation(StackAction.Restore, context.Source(i, 0, PtxType.B64), 0));
                break;
            default:
                long alignment = i.Operands.Count > 2 ? FunctionLowering.Immediate(i, 2) : 8;
                if (alignment is not (1 or 2 or 4 or 8 or 16 or 32 or 64 or 128)) throw i.Refuse($"{alignment} is not a valid alignment.");
                context.Add(new StackOperation(StackAction.Take, context.Destination(i, 0, 64), context.Source(i, 1, PtxType.U64), (int)alignment));
                break;
        }
    }
}
