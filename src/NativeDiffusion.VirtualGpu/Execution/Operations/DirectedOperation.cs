using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using NativeDiffusion.VirtualGpu.Instructions;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>
/// Single-precision arithmetic in a directed rounding mode: by the processor if its instructions support the mode, else
/// exactly in double with the sign of the error and then rounded once; the bits are the same.
/// </summary>
internal sealed unsafe class DirectedOperation(
    DirectedFunction function, Rounding rounding, bool isFlushing, bool isSaturating, int d, int a, int b, int c) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        if (Avx512F.IsSupported && function <= DirectedFunction.Fused) Vectors(registers, mask);
        else OneByOne(registers, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Vectors(byte* registers, uint mask)
    {
        for (int part = 0; part < 2; part++)
        {
            Vector512<float> x = Load(registers + a, part), y = Load(registers + b, part), z = Load(registers + c, part);
            Vector512<float> value = rounding switch
            {
                Rounding.Down => ComputeDown(x, y, z),
                Rounding.Up => ComputeUp(x, y, z),
                _ => ComputeToZero(x, y, z),
            };
            Vector512<uint> result = SingleOperators.Canonical(value);
            if (isFlushing) result = SingleOperators.Flush(result);
            if (isSaturating) result = SingleOperators.Saturate(result);
            LaneMask.Blend(result, registers + d, mask, part);
        }
    }

    private Vector512<float> ComputeDown(Vector512<float> x, Vector512<float> y, Vector512<float> z) => function switch
    {
        DirectedFunction.Add => Avx512F.Add(x, y, FloatRoundingMode.ToNegativeInfinity),
        DirectedFunction.Subtract => Avx512F.Subtract(x, y, FloatRoundingMode.ToNegativeInfinity),
        DirectedFunction.Multiply => Avx512F.Multiply(x, y, FloatRoundingMode.ToNegativeInfinity),
        _ => Avx512F.FusedMultiplyAdd(x, y, z, FloatRoundingMode.ToNegativeInfinity),
    };

    private Vector512<float> ComputeUp(Vector512<float> x, Vector512<float> y, Vector512<float> z) => function switch
    {
        DirectedFunction.Add => Avx512F.Add(x, y, FloatRoundingMode.ToPositiveInfinity),
        DirectedFunction.Subtract => Avx512F.Subtract(x, y, FloatRoundingMode.ToPositiveInfinity),
        DirectedFunction.Multiply => Avx512F.Multiply(x, y, FloatRoundingMode.ToPositiveInfinity),
        _ => Avx512F.FusedMultiplyAdd(x, y, z, FloatRoundingMode.ToPositiveInfinity),
    };

    private Vector512<float> ComputeToZero(Vector512<float> x, Vector512<float> y, Vector512<float> z) => function switch
    {
        DirectedFunction.Add => Avx512F.Add(x, y, FloatRoundingMode.ToZero),
        DirectedFunction.Subtract => Avx512F.Subtract(x, y, FloatRoundingMode.ToZero),
        DirectedFunction.Multiply => Avx512F.Multiply(x, y, FloatRoundingMode.ToZero),
        _ => Avx512F.FusedMultiplyAdd(x, y, z, FloatRoundingMode.ToZero),
    };

    private Vector512<float> Load(byte* place, int part)
    {
        var bits = Vector512.Load((uint*)place + (16 * part));
        return (isFlushing ? SingleOperators.Flush(bits) : bits).AsSingle();
    }

    /// <summary>The path without special instructions; tests compare it with the other.</summary>
    internal void OneByOne(byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            float x = Read(registers + a, lane), y = Read(registers + b, lane), z = Read(registers + c, lane);
            (double value, int error) = function switch
            {
                DirectedFunction.Add => ExactArithmetic.Add(x, y),
                DirectedFunction.Subtract => ExactArithmetic.Add(x, -(double)y),
                DirectedFunction.Multiply => ((double)x * y, 0),
                DirectedFunction.Divide => ExactArithmetic.Divide(x, y),
                DirectedFunction.Reciprocal => ExactArithmetic.Divide(1, x),
                DirectedFunction.SquareRoot => ExactArithmetic.SquareRoot(x),
                _ => ExactArithmetic.MultiplyAddSingle(x, y, z),
            };
            // A sum of opposites is minus zero when rounding down; zeros of plus sign stay plus.
            if (value == 0 && error == 0 && rounding == Rounding.Down)
            {
                value = function switch
                {
                    DirectedFunction.Add => IsNegativeZero(x, y),
                    DirectedFunction.Subtract => IsNegativeZero(x, -(double)y),
                    DirectedFunction.Fused => IsNegativeZero((double)x * y, z),
                    _ => value,
                };
            }
            uint bits = (uint)FloatFormat.Single.Round(value, rounding, error);
            float result = BitConverter.UInt32BitsToSingle(bits);
            if (isFlushing) result = SingleOperators.Flush(result);
            if (isSaturating) result = result > 0 ? Math.Min(result, 1) : 0;
            ((float*)(registers + d))[lane] = result;
        }
    }

    private static double IsNegativeZero(double first, double second) => double.IsNegative(first) || double.IsNegative(second) ? -0.0 : 0.0;

    private float Read(byte* place, int lane)
    {
        float value = ((float*)place)[lane];
        return isFlushing ? SingleOperators.Flush(value) : value;
    }
}
