using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>
/// Double precision in the directed rounding modes, on integers of any size: nothing is lost before the one rounding, even on intermediate overflow or
/// underflow. Slow, and rarely needed.
/// </summary>
internal static class WideArithmetic
{
    /// <summary>Bits of a quotient or root after which only a sticky bit matters.</summary>
    private const int Guard = 130;

    public static double Add(double a, double b, Rounding rounding) => MultiplyAdd(a, 1, b, rounding);

    public static double Multiply(double a, double b, Rounding rounding)
    {
        double usual = a * b;
        if (!IsOrdinary(a) || !IsOrdinary(b) || a == 0 || b == 0) return usual;
        (BigInteger x, int ex) = Split(a);
        (BigInteger y, int ey) = Split(b);
        return Round(x * y, ex + ey, false, rounding);
    }

    public static double MultiplyAdd(double a, double b, double c, Rounding rounding)
    {
        double usual = Math.FusedMultiplyAdd(a, b, c);
        if (!IsOrdinary(a) || !IsOrdinary(b) || !IsOrdinary(c)) return usual;
        (BigInteger x, int ex) = Split(a);
        (BigInteger y, int ey) = Split(b);
        (BigInteger z, int ez) = Split(c);
        int exponent = Math.Min(ex + ey, ez);
        BigInteger sum = ((x * y) << (ex + ey - exponent)) + (z << (ez - exponent));
        if (!sum.IsZero) return Round(sum, exponent, false, rounding);
        // Zeros of one sign keep it; else the mode decides.
        bool isProductNegative = double.IsNegative(a) != double.IsNegative(b), isNegative = double.IsNegative(c);
        bool isPlain = (x * y).IsZero && isProductNegative == isNegative;
        return (isPlain ? isNegative : rounding == Rounding.Down) ? -0.0 : 0.0;
    }

    public static double Divide(double a, double b, Rounding rounding)
    {
        double usual = a / b;
        if (!IsOrdinary(a) || !IsOrdinary(b) || a == 0 || b == 0) return usual;
        (BigInteger x, int ex) = Split(a);
        (BigInteger y, int ey) = Split(b);
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(x) << Guard, BigInteger.Abs(y), out BigInteger rest);
        return Round(x.Sign * y.Sign < 0 ? -quotient : quotient, ex - ey - Guard, !rest.IsZero, rounding);
    }

    public static double SquareRoot(double a, Rounding rounding)
    {
        if (!IsOrdinary(a) || a <= 0) return Math.Sqrt(a);
        (BigInteger x, int exponent) = Split(a);
        int shift = (2 * Guard) + (exponent & 1);
        BigInteger square = x << shift, root = Root(square);
        return Round(root, (exponent - shift) / 2, root * root != square, rounding);
    }

    /// <summary>Newton's iteration from above.</summary>
    private static BigInteger Root(BigInteger square)
    {
        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (square / root)) >> 1;
            if (next >= root) return root;
            root = next;
        }
    }

    private static bool IsOrdinary(double value) => double.IsFinite(value);

    private static (BigInteger Significand, int Exponent) Split(double value)
    {
        (ulong significand, int exponent) = FloatFormat.Split(value);
        return (double.IsNegative(value) ? -(BigInteger)significand : significand, exponent);
    }

    private static double Round(BigInteger value, int exponent, bool isSticky, Rounding rounding)
    {
        bool isNegative = value.Sign < 0;
        BigInteger magnitude = BigInteger.Abs(value);
        int drop = (int)magnitude.GetBitLength() - 64;
        if (drop > 0)
        {
            BigInteger kept = magnitude >> drop;
            isSticky |= kept << drop != magnitude;
            magnitude = kept;
            exponent += drop;
        }
        return BitConverter.UInt64BitsToDouble(FloatFormat.Double.Round(isNegative, (ulong)magnitude, exponent, isSticky, rounding));
    }
}
