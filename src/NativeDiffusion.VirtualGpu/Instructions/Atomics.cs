using NativeDiffusion.VirtualGpu.Execution.Access;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>atom and red, on global, shared and generic addresses.</summary>
internal static class Atomics
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        bool hasResult = i.Opcode == "atom";
        int first = hasResult ? 1 : 0;
        PtxType type = i.Type;
        AtomicFunction function = Function(i, type);
        IReadOnlyList<PtxOperand> values = FunctionLowering.Elements(FunctionLowering.At(i, first + 1));
        PtxOperand[] results = hasResult ? [.. FunctionLowering.Elements(FunctionLowering.At(i, 0))] : [];
        int bits = FunctionLowering.LaneBits(type);
        if (type.Bits() == 128) throw i.Refuse("atomics of 128 bits are not supported.");
        int[] d = [.. results.Select(result => result is PtxOperand.Sink ? -1 : context.Destination(i, result, bits))];
        int[] a = [.. values.Select(value => context.Source(i, value, type))];
        int b = function == AtomicFunction.CompareExchange ? context.Source(i, first + 2, type) : -1;
        MemoryOperand operand = LoadsAndStores.Operand(i, context, LoadsAndStores.Address(i, first));
        LoadsAndStores.Note(i, context, operand.Space, type.Bytes() * a.Length);
        context.Add(new AtomicOperation(operand, function, type, d, a, b, context.NextSite())
        {
            Strength = AccessStrength.Atomic,
            HasRelease = i.Has("release") || i.Has("acq_rel"),
            HasAcquire = i.Has("acquire") || i.Has("acq_rel"),
            IsWide = LoadsAndStores.IsWide(i),
        });
    }

    private static AtomicFunction Function(PtxInstruction i, PtxType type)
    {
        foreach (string modifier in i.Modifiers)
        {
            AtomicFunction? function = modifier switch
            {
                "add" => AtomicFunction.Add,
                "min" => AtomicFunction.Min,
                "max" => AtomicFunction.Max,
                "and" => AtomicFunction.And,
                "or" => AtomicFunction.Or,
                "xor" => AtomicFunction.Xor,
                "exch" => AtomicFunction.Exchange,
                "cas" => AtomicFunction.CompareExchange,
                "inc" => AtomicFunction.Increment,
                "dec" => AtomicFunction.Decrement,
                _ => null,
            };
            if (function is { } found) return found;
        }
        throw i.Refuse($"the operation on {type} is not known.");
    }
}
