using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>vadd4, vabsdiff2 and the like: four bytes or two halves beside each other, all of them, or (.add) their sum added to c.</summary>
internal static class Packed
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        if (i.Types.Count != 3 || i.Types.Any(type => type.Bits() != 32)) throw i.Refuse("expected three types of 32 bits.");
        int bits = i.Opcode[^1] == '4' ? 8 : 16;
        string operation = i.Opcode[..^1];
        context.Add(new PackedOperation(
            operation, bits, i.Types[0].IsSigned(), i.Types[1].IsSigned(), i.Types[2].IsSigned(), i.Has("sat"), i.Has("add"),
            [context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B32), context.Source(i, 2, PtxType.B32), context.Source(i, 3, PtxType.B32)]));
    }
}
