using System.Numerics;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Double-precision arithmetic in any rounding mode, lane by lane.</summary>
internal sealed unsafe class DoubleOperation(DoubleFunction function, Rounding rounding, int d, int a, int b, int c) : LaneOperation
{
    private static readonly double s_nan = BitConverter.UInt64BitsToDouble(0xFFF8_0000_0000_0000);

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            double x = ((double*)(registers + a))[lane], y = ((double*)(registers + b))[lane], z = ((double*)(registers + c))[lane];
            double value = rounding == Rounding.Nearest ? Nearest(x, y, z) : Directed(x, y, z);
            // One NaN on every host; sign operations are applied unconditionally.
            ((double*)(registers + d))[lane] = double.IsNaN(value) && function is not (DoubleFunction.Absolute or DoubleFunction.Negate) ? s_nan : value;
        }
    }

    private double Nearest(double x, double y, double z) => function switch
    {
        DoubleFunction.Add => x + y,
        DoubleFunction.Subtract => x - y,
        DoubleFunction.Multiply => x * y,
        DoubleFunction.Fused => Math.FusedMultiplyAdd(x, y, z),
        DoubleFunction.Divide => x / y,
        DoubleFunction.Reciprocal => 1 / x,
        DoubleFunction.SquareRoot => Math.Sqrt(x),
        DoubleFunction.Min => double.MinNumber(x, y),
        DoubleFunction.Max => double.MaxNumber(x, y),
        DoubleFunction.Absolute => Math.Abs(x),
        DoubleFunction.Negate => -x,
        DoubleFunction.ReciprocalApproximate => Upper(1 / Flush(x)),
        _ => Upper(1 / Math.Sqrt(Flush(x))),
    };

    private double Directed(double x, double y, double z) => function switch
    {
        DoubleFunction.Add => WideArithmetic.Add(x, y, rounding),
        DoubleFunction.Subtract => WideArithmetic.Add(x, -y, rounding),
        DoubleFunction.Multiply => WideArithmetic.Multiply(x, y, rounding),
        DoubleFunction.Fused => WideArithmetic.MultiplyAdd(x, y, z, rounding),
        DoubleFunction.Divide => WideArithmetic.Divide(x, y, rounding),
        DoubleFunction.Reciprocal => WideArithmetic.Divide(1, x, rounding),
        _ => WideArithmetic.SquareRoot(x, rounding),
    };

    /// <summary>The approximations give the upper 32 bits only, and no subnormal numbers.</summary>
    private static double Upper(double value) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(Flush(value)) & ~0xFFFF_FFFFul);

    private static double Flush(double value) => double.IsSubnormal(value) ? Math.CopySign(0, value) : value;
}
