using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>add.cc, addc, sub.cc, subc, mad.cc, madc: multi-word arithmetic, through the carry flag of each lane.</summary>
internal static class Carries
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        bool isProduct = i.Opcode is "mad" or "madc";
        bool reads = i.Opcode is "addc" or "subc" or "madc", writes = i.Has("cc");
        int bits = FunctionLowering.LaneBits(i.Type);
        int d = context.Destination(i, 0, bits), a = context.Source(i, 1, i.Type), b = context.Source(i, 2, i.Type);
        int c = isProduct ? context.Source(i, 3, i.Type) : -1;
        context.Add(new CarryOperation(
            d, a, b, c, reads ? context.Carry : -1, writes ? context.Carry : -1, bits == 64, i.Opcode is "sub" or "subc", i.Has("hi"), i.Type.IsSigned()));
    }
}
