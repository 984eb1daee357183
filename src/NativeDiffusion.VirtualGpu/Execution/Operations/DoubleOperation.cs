using System.Numerics;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Double-precision arithmetic in any rounding mode, lane by lane.</summary>
internal sealed unsafe class DoubleOperation(DoubleFunction function, Rounding rounding, int d, int a, int b, int c) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            double x = ((double*)(registers + a))[lane], y = ((double*)(registers + b))[lane], z = ((double*)(registers + c))[lane];
            ((double*)(registers + d))[lane] = rounding == Rounding.Nearest ? Nearest(x, y, z) : Directed(x, y, z);
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

    private double Directed(double x, double y, double z)
    {
        (double value, int error) = function switch
        {
            DoubleFunction.Add => ExactArithmetic.Add(x, y),
            DoubleFunction.Subtract => ExactArithmetic.Add(x, -y),
            DoubleFunction.Multiply => ExactArithmetic.Multiply(x, y),
            DoubleFunction.Fused => ExactArithmetic.MultiplyAdd(x, y, z),
            DoubleFunction.Divide => ExactArithmetic.Divide(x, y),
            DoubleFunction.Reciprocal => ExactArithmetic.Divide(1, x),
            _ => ExactArithmetic.SquareRoot(x),
        };
        if (value == 0 && error == 0 && rounding == Rounding.Down && function <= DoubleFunction.Subtract)
            return double.IsNegative(x) || double.IsNegative(function == DoubleFunction.Add ? y : -y) ? -0.0 : 0.0;
        return ExactArithmetic.Redirect(value, error, rounding);
    }

    /// <summary>The approximations give the upper 32 bits only, and no subnormal numbers.</summary>
    private static double Upper(double value) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(Flush(value)) & ~0xFFFF_FFFFul);

    private static double Flush(double value) => double.IsSubnormal(value) ? Math.CopySign(0, value) : value;
}
