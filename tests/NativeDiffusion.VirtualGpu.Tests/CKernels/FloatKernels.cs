using System.Numerics;
using System.Runtime.InteropServices;
using Format = NativeDiffusion.VirtualGpu.Tests.Support.ExactNumber.Format;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.CKernels.CKernel;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Expected results of the kernels of floats.cu, by exact arithmetic.</summary>
internal static class FloatKernels
{
    private static readonly uint[] s_input = CInputs.Make(CInput.Singles);
    private static readonly string[] s_modes = ["rn", "rz", "rm", "rp"];

    public static CKernel[] All { get; } =
    [
        new("contraction", 2 * Threads, (variant, x, y) =>
        {
            for (int i = 0; i < Threads; i++)
            {
                uint a = x[i], b = x[i + Threads], c = x[i + (2 * Threads)];
                y[2 * i] = variant.IsFused ? Single("fma", "rn", a, b, c) : Single("add", "rn", Single("mul", "rn", a, b), c);
                // A difference is compiled to mul and sub: the assembler may fuse them, the virtual GPU does not.
                y[(2 * i) + 1] = Single("sub", "rn", Single("mul", "rn", a, c), b);
            }
        }) { Input = CInput.Singles, IsClose = (variant, at, expected, actual) => IsSame(variant, at / 2, expected[at], actual[at]) },
        EachSingle("rounded_sums", 12, (a, b, c, o) =>
        {
            for (int k = 0; k < 4; k++)
            {
                o[k] = Single("add", s_modes[k], a, b);
                o[k + 4] = Single("mul", s_modes[k], a, b);
                o[k + 8] = Single("fma", s_modes[k], a, b, c);
            }
        }),
        EachSingle("rounded_quotients", 12, (a, b, _, o) =>
        {
            for (int k = 0; k < 4; k++)
            {
                o[k] = Single("div", s_modes[k], a, b);
                o[k + 4] = Single("sqrt", s_modes[k], a);
                o[k + 8] = Single("div", s_modes[k], 0x3f800000, a);
            }
        }),
        new("doubles", 16 * Threads, (_, x, y) =>
        {
            Span<ulong> from = MemoryMarshal.Cast<uint, ulong>(x.AsSpan()), to = MemoryMarshal.Cast<uint, ulong>(y.AsSpan());
            for (int i = 0; i < Threads; i++)
            {
                ulong a = from[i], b = from[i + Threads], c = from[i + (2 * Threads)];
                Span<ulong> o = to.Slice(8 * i, 8);
                o[0] = Evaluate(Format.Double, "add", "rn", a, b);
                o[1] = Evaluate(Format.Double, "mul", "rn", a, b);
                o[2] = Evaluate(Format.Double, "div", "rn", a, b);
                o[3] = Evaluate(Format.Double, "sqrt", "rn", a);
                o[4] = Evaluate(Format.Double, "fma", "rn", a, b, c);
                o[5] = Evaluate(Format.Double, "add", "rm", a, b);
                o[6] = Evaluate(Format.Double, "mul", "rp", a, b);
                o[7] = Evaluate(Format.Double, "div", "rn", 0x3ff0000000000000, c);
            }
        }) { Input = CInput.Doubles },
        EachSingle("choices", 8, (a, b, _, o) =>
        {
            float x = F(a), y = F(b);
            o[0] = U(float.IsNaN(x) ? y : float.IsNaN(y) ? x : MathF.Min(x, y));
            o[1] = U(float.IsNaN(x) ? y : float.IsNaN(y) ? x : MathF.Max(x, y));
            o[2] = a & 0x7fffffff;
            o[3] = (a & 0x7fffffff) | (b & 0x80000000);
            o[4] = U(MathF.Floor(x));
            o[5] = U(MathF.Ceiling(x));
            o[6] = U(MathF.Truncate(x));
            o[7] = U(MathF.Round(x));
        }),
        EachSingle("remainders", 4, (a, b, c, o) =>
        {
            float x = F(a), y = F(b), z = F(c);
            o[0] = U(x % y);
            int exponent = 0;
            if (float.IsFinite(z) && z != 0)
            {
                exponent = MathF.ILogB(z) + 1;
                o[1] = U((float)(z * Math.Pow(2, -exponent)));
            }
            else o[1] = U(z);
            o[2] = (uint)exponent;
            o[3] = U((float)(z * Math.Pow(2, (int)(a & 255) - 128)));
        }),
        EachSingle("comparisons", 1, (a, b, _, o) =>
        {
            float x = F(a), y = F(b);
            bool isUnordered = float.IsNaN(x) || float.IsNaN(y);
            bool[] bits =
            [
                x < y, x <= y, x > y, x >= y, x == y, x != y, !(x < y), !(x >= y), float.IsNaN(x), float.IsInfinity(x), float.IsFinite(y), (a >> 31) != 0,
                isUnordered, !isUnordered && x != y, x < y, x <= y, x == y, x != y, !(x > y),
            ];
            for (int k = 0; k < bits.Length; k++)
                if (bits[k]) o[0] |= 1u << k;
        }),
        EachSingle("to_integers", 12, (a, b, c, o) =>
        {
            float x = F(a), y = F(b), z = F(c);
            o[0] = (uint)(long)Whole(MathF.Round(x), int.MinValue, int.MaxValue);
            o[1] = (uint)(long)Whole(MathF.Truncate(x), int.MinValue, int.MaxValue);
            o[2] = (uint)(long)Whole(MathF.Floor(x), int.MinValue, int.MaxValue);
            o[3] = (uint)(long)Whole(MathF.Ceiling(x), int.MinValue, int.MaxValue);
            o[4] = (uint)Whole(MathF.Round(x), 0, uint.MaxValue);
            o[5] = (uint)Whole(MathF.Truncate(x), 0, uint.MaxValue);
            // NaN is converted to the top bit alone in 64 bits, to zero in 32.
            ulong w = float.IsNaN(y) ? 1UL << 63 : (ulong)(long)Exact(MathF.Truncate(y), long.MinValue, long.MaxValue);
            ulong v = float.IsNaN(y) ? 1UL << 63 : (ulong)Exact(MathF.Round(y), 0, ulong.MaxValue);
            o[6] = (uint)w;
            o[7] = (uint)(w >> 32);
            o[8] = (uint)v;
            o[9] = (uint)(v >> 32);
            o[10] = (ushort)(int)Whole(MathF.Truncate(z), short.MinValue, short.MaxValue);
            o[11] = (byte)Whole(MathF.Round(z), 0, 255);
        }),
        new("from_integers", 14 * Threads, (_, x, y) =>
        {
            for (int i = 0; i < Threads; i++)
            {
                uint a = x[i];
                ulong w = ((ulong)a << 32) | x[i + Threads];
                Span<uint> o = y.AsSpan(14 * i, 14);
                o[0] = (uint)Integer(Format.Single, (int)a, "rn");
                o[1] = (uint)Integer(Format.Single, (int)a, "rz");
                o[2] = (uint)Integer(Format.Single, (int)a, "rm");
                o[3] = (uint)Integer(Format.Single, a, "rp");
                o[4] = (uint)Integer(Format.Single, (long)w, "rn");
                o[5] = (uint)Integer(Format.Single, w, "rz");
                ulong d = Integer(Format.Double, (long)w, "rn"), e = Integer(Format.Double, w, "rm");
                (o[6], o[7], o[8], o[9]) = ((uint)d, (uint)(d >> 32), (uint)e, (uint)(e >> 32));
                o[10] = (uint)ExactNumber.Decode(d, Format.Double).Round(Format.Single, "rn");
                o[11] = (uint)ExactNumber.Decode(e, Format.Double).Round(Format.Single, "rm");
                o[12] = U((float)(ushort)a + (sbyte)a);
                o[13] = (uint)(int)Math.Round(
                    BitConverter.UInt64BitsToDouble(d) * Math.Pow(2, -33)) ^ (uint)(BitConverter.UInt64BitsToDouble(e) * Math.Pow(2, -32));
            }
        }),
        EachSingle("halves", 6, (a, b, c, o) =>
        {
            uint x = Pair(Format.Half, a, "rn", b, "rz"), y = Pair(Format.Half, b, "rn", c, "rn");
            o[0] = x;
            o[1] = Both(Format.Half, "add", x, y);
            o[2] = Both(Format.Half, "mul", x, y);
            o[3] = Both(Format.Half, "fma", x, y, x);
            o[4] = Single("add", "rn", U((float)BitConverter.UInt16BitsToHalf((ushort)a)), U((float)BitConverter.UInt16BitsToHalf((ushort)(a >> 16))));
            o[5] = (BitConverter.UInt16BitsToHalf((ushort)x) > BitConverter.UInt16BitsToHalf((ushort)y) ? 1u : 0)
                + (BitConverter.UInt16BitsToHalf((ushort)(x >> 16)) > BitConverter.UInt16BitsToHalf((ushort)(y >> 16)) ? 2u : 0);
        }),
        EachSingle("bfloats", 5, (a, b, c, o) =>
        {
            uint x = Pair(Format.BFloat, b, "rn", a, "rn"), y = Pair(Format.BFloat, c, "rz", b, "rz");
            o[0] = x;
            o[1] = y;
            o[2] = Both(Format.BFloat, "fma", x, y, x);
            o[3] = Larger(x & 0xffff, y & 0xffff) | (Larger(x >> 16, y >> 16) << 16);
            o[4] = y & 0xffff0000;
        }) with { Since = 80 },
        EachSingle("plain_division", 3, (a, b, c, o) =>
        {
            o[0] = Single("div", "rn", a, b);
            o[1] = Single("sqrt", "rn", a);
            o[2] = Single("div", "rn", 0x3f800000, c);
        }) with { IsClose = IsQuotient },
    ];

    private static CKernel EachSingle(string name, int words, Action<uint, uint, uint, Span<uint>> reference) =>
        Each(
            name, words, reference) with
        {
            Input = CInput.Singles,
            IsClose = (variant, at, expected, actual) =>
            IsSame(variant, at / words, expected[at], actual[at])
        };

    /// <summary>
    /// NaN payloads are unspecified. Fast arithmetic flushes subnormals, and divides with an error of two units: there only threads without
    /// subnormal numbers are compared.
    /// </summary>
    private static bool IsSame(CVariant variant, int thread, uint expected, uint actual)
    {
        if (expected == actual || (float.IsNaN(F(expected)) && float.IsNaN(F(actual)))) return true;
        if (!variant.IsFast) return false;
        bool isTiny = MathF.Abs(F(expected)) is > 0 and < 2.4e-38f;
        for (int k = 0; k < 3; k++) isTiny |= MathF.Abs(F(s_input[thread + (k * Threads)])) is > 0 and < 1.17549435e-38f;
        return isTiny;
    }

    /// <summary>a / b and roots, fast: a divisor above 2^126 returns zero, otherwise the error is at most two units.</summary>
    private static bool IsQuotient(CVariant variant, int at, uint[] expected, uint[] actual) => IsSame(variant, at / 3, expected[at], actual[at])
        || (variant.IsFast
            && (Math.Abs((long)expected[at] - actual[at]) <= 2 || MathF.Abs(F(s_input[(at / 3) + Threads])) > 8.5e37f
            || MathF.Abs(F(s_input[(at / 3) + (2 * Threads)])) > 8.5e37f));

    private static float F(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    private static uint U(float value) => float.IsNaN(value) ? 0x7fffffff : BitConverter.SingleToUInt32Bits(value);

    private static BigInteger Exact(float whole, BigInteger low, BigInteger high) =>
        float.IsInfinity(whole) ? (whole < 0 ? low : high) : BigInteger.Clamp(new BigInteger(whole), low, high);

    private static double Whole(double value, double low, double high) => double.IsNaN(value) ? 0 : Math.Clamp(value, low, high);

    private static uint Single(string operation, string mode, params ReadOnlySpan<uint> inputs)
    {
        Span<ulong> wide = stackalloc ulong[inputs.Length];
        for (int k = 0; k < inputs.Length; k++) wide[k] = inputs[k];
        return (uint)Evaluate(Format.Single, operation, mode, wide);
    }

    private static uint Both(Format format, string operation, params uint[] inputs) =>
        (uint)Evaluate(format, operation, "rn", [.. inputs.Select(input => (ulong)(input & 0xffff))])
        | ((uint)Evaluate(format, operation, "rn", [.. inputs.Select(input => (ulong)(input >> 16))]) << 16);

    private static uint Pair(Format format, uint low, string lowMode, uint high, string highMode) =>
        (uint)ExactNumber.Decode(low, Format.Single).Round(format, lowMode) | ((uint)ExactNumber.Decode(high, Format.Single).Round(format, highMode) << 16);

    private static uint Larger(uint x, uint y)
    {
        float a = F(x << 16), b = F(y << 16);
        if (float.IsNaN(a) && float.IsNaN(b)) return 0x7fff;
        return float.IsNaN(a) ? y : float.IsNaN(b) ? x : U(MathF.Max(a, b)) >> 16;
    }

    private static ulong Integer(Format format, BigInteger value, string mode) =>
        new ExactNumber(NumberKind.Finite, value.Sign < 0, BigInteger.Abs(value), 0).Round(format, mode);

    private static ulong Evaluate(Format format, string operation, string mode, params ReadOnlySpan<ulong> inputs)
    {
        ExactNumber a = ExactNumber.Decode(inputs[0], format), b = inputs.Length > 1 ? ExactNumber.Decode(inputs[1], format) : a;
        (ExactNumber value, bool isOpen) = operation switch
        {
            "add" => ExactNumber.Add(a, b),
            "sub" => ExactNumber.Add(a, -b),
            "mul" => (ExactNumber.Multiply(a, b), false),
            "div" => (ExactNumber.Divide(a, b), false),
            "sqrt" => (ExactNumber.SquareRoot(a), false),
            _ => ExactNumber.Add(ExactNumber.Multiply(a, b), ExactNumber.Decode(inputs[2], format)),
        };
        return value.Round(format, mode, isOpen);
    }
}
