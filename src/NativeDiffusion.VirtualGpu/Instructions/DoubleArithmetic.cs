using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>add, sub, mul, fma, mad, min, max, abs, neg on f64.</summary>
internal static class DoubleArithmetic
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        DoubleFunction function = i.Opcode switch
        {
            "add" => DoubleFunction.Add,
            "sub" => DoubleFunction.Subtract,
            "mul" => DoubleFunction.Multiply,
            "fma" or "mad" => DoubleFunction.Fused,
            "min" => DoubleFunction.Min,
            "max" => DoubleFunction.Max,
            "abs" => DoubleFunction.Absolute,
            _ => DoubleFunction.Negate,
        };
        int d = context.Destination(i, 0, 64), a = context.Source(i, 1, PtxType.F64);
        int b = i.Operands.Count > 2 ? context.Source(i, 2, PtxType.F64) : a;
        int c = i.Operands.Count > 3 ? context.Source(i, 3, PtxType.F64) : a;
        context.Add(new DoubleOperation(function, Roundings.Of(i), d, a, b, c));
    }
}
