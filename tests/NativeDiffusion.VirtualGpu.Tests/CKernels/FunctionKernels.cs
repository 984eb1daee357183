using System.Runtime.InteropServices;
using static NativeDiffusion.VirtualGpu.Tests.CKernels.CKernel;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Expected results of the kernels of functions.cu, in double, with the error bounds of CUDA's manual.</summary>
internal static class FunctionKernels
{
    public static CKernel[] All { get; } =
    [
        Functions("trigonometry", CInput.Arguments, [2, 2, 4, 2, 2],
            (a, _) => Math.Sin(a), (a, _) => Math.Cos(a), (a, _) => Math.Tan(a), (a, _) => Math.Sin(a), (a, _) => Math.Cos(a)),
        Functions("exponentials", CInput.Arguments, [2, 2, 1, 2, 3],
            (a, _) => Math.Exp(a), (a, _) => Math.Pow(2, a), (a, _) => ExpM1(a), (a, _) => Math.Pow(10, a), (a, _) => Math.Sinh(a)),
        Functions("logarithms", CInput.Arguments, [1, 1, 2, 1, 3],
            (a, _) => Math.Log(Math.Abs(a)), (a, _) =>
                Math.Log2(Math.Abs(a)), (a, _) => Math.Log10(Math.Abs(a)), (a, _) => LogP1(Math.Abs(a)), (a, _) => Asinh(Math.Abs(a))),
        Functions("powers", CInput.Arguments, [4, 1, 2, 3],
            (a, b) => Math.Pow(Math.Abs(a), b), (a, _) => Math.Cbrt(a), (a, _) => 1 / Math.Sqrt(Math.Abs(a)), (a, b) => Math.Sqrt((a * a) + (b * b))),
        // No double erf here: its own series, and erfc by its continued fraction.
        Functions("sigmoids", CInput.SmallArguments, [2, 2, 4, 2, 3],
            (a, _) => Math.Tanh(a), (a, _) => Erf(a), (a, _) => a < 2 ? 1 - Erf(a) : ErfcTail(a), (a, _) => Math.Atan(a), (a, b) => Math.Atan2(a, b)),
        new("double_functions", 10 * Threads, (_, x, y) =>
        {
            Span<double> from = MemoryMarshal.Cast<uint, double>(x.AsSpan()), to = MemoryMarshal.Cast<uint, double>(y.AsSpan());
            for (int i = 0; i < Threads; i++)
            {
                double a = from[i];
                (to[5 * i], to[(5 * i) + 1], to[(5 * i) + 2], to[(5 * i) + 3], to[(5 * i) + 4]) =
                    (Math.Sin(a), Math.Exp(a * 0.125), Math.Log(Math.Abs(a)), Math.Pow(Math.Abs(a), 0.3), Math.Tanh(a));
            }
        }) { Input = CInput.WideArguments, IsClose = IsCloseDouble },
        // The manual's bounds are absolute ones for sin, cos, log; the widest of them for all.
        Functions("fast_functions", CInput.SmallArguments, [0, 0, 8, 0, 0, 2, 12, 0],
            (a, _) => Math.Sin(a), (a, _) => Math.Cos(a), (a, _) => Math.Exp(a), (a, _) => Math.Log(Math.Abs(a)), (a, b) => Math.Pow(Math.Abs(a), b),
            (a, b) => a / b, (a, _) => Math.Pow(10, a), (a, _) => Math.Log2(Math.Abs(a))),
    ];

    private static CKernel Functions(string name, CInput input, int[] units, params Func<double, double, double>[] functions) =>
        new(name, functions.Length * Threads, (_, x, y) =>
    {
        for (int i = 0; i < Threads; i++)
            for (int k = 0; k < functions.Length; k++)
                y[(i * functions.Length) + k] = BitConverter.SingleToUInt32Bits(
                    (float)functions[k](BitConverter.UInt32BitsToSingle(x[i]), BitConverter.UInt32BitsToSingle(x[i + Threads])));
    })
        {
            Input = input,
            IsClose = (variant, at, expected, actual) =>
                IsClose(
                    BitConverter.UInt32BitsToSingle(expected[at]), BitConverter.UInt32BitsToSingle(actual[at]), units[at % functions.Length], variant.IsFast),
        };

    private static bool IsClose(float expected, float actual, int units, bool isFast)
    {
        if (float.IsNaN(expected)) return float.IsNaN(actual);
        // Fast arithmetic has no bounds for large arguments; the test only shows that it completes.
        if (isFast && (units > 0 || MathF.Abs(expected) is > 1e30f or < 1e-30f)) return true;
        if (expected == actual) return true;
        if (units == 0) return MathF.Abs(expected - actual) <= (isFast ? 1e-3f : 4e-6f) * (1 + MathF.Abs(expected));
        return Math.Abs((long)BitConverter.SingleToInt32Bits(expected) - BitConverter.SingleToInt32Bits(actual)) <= units;
    }

    private static bool IsCloseDouble(CVariant variant, int at, uint[] expected, uint[] actual)
    {
        ReadOnlySpan<double> wanted = MemoryMarshal.Cast<uint, double>(expected), found = MemoryMarshal.Cast<uint, double>(actual);
        return wanted[at / 2] == found[at / 2] || Math.Abs(wanted[at / 2] - found[at / 2]) <= 1e-15 * Math.Max(Math.Abs(wanted[at / 2]), 1e-3);
    }

    private static double ExpM1(double a) => Math.Abs(a) > 1e-3 ? Math.Exp(a) - 1 : a + (a * a / 2) + (a * a * a / 6) + (a * a * a * a / 24);

    private static double LogP1(double a) => a > 1e-3 ? Math.Log(1 + a) : a - (a * a / 2) + (a * a * a / 3) - (a * a * a * a / 4);

    private static double Asinh(double a) => a > 1e-3 ? Math.Log(a + Math.Sqrt((a * a) + 1)) : a - (a * a * a / 6);

    private static double ErfcTail(double a)
    {
        double fraction = 0;
        for (int k = 60; k > 0; k--) fraction = k / 2.0 / (a + fraction);
        return Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction);
    }

    private static double Erf(double a)
    {
        double term = a, sum = a;
        for (int k = 1; Math.Abs(term) > 1e-30 && k < 400; k++)
        {
            term *= -a * a / k;
            sum += term / ((2 * k) + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
