namespace NativeDiffusion.Randomness;

/// <summary>
/// Logarithm, sine, cosine and arc cosine from additions, multiplications, divisions and square roots of IEEE doubles alone, so that
/// noise has the same bits on every platform and instruction set. Operations must not be contracted to fused ones.
/// Errors are a few units in the last place of a double.
/// </summary>
internal static class Elementary
{
    private const double Log2High = 6.93147180369123816490e-01; // the upper 33 bits of ln 2: exponent * Log2High is exact
    private const double Log2Low = 1.90821492927058770002e-10;
    private const double HalfPiHigh = 1.57079632673412561417e+00; // the upper 33 bits of pi / 2, for the same reason
    private const double HalfPiLow = 6.07710050650619224932e-11;
    private const double TwoOverPi = 6.36619772367581382433e-01;

    /// <summary>Natural logarithm of a positive, normal number.</summary>
    /// <remarks>ln(2^e m) = e ln 2 + 2 artanh((m - 1) / (m + 1)), m in [sqrt(1/2), sqrt(2)), by its power series.</remarks>
    public static double Log(double x)
    {
        const double sqrtHalf = 0.70710678118654752440;
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1022;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FE0_0000_0000_0000);
        if (m < sqrtHalf)
        {
            m *= 2;
            exponent--;
        }

        double f = (m - 1) / (m + 1);
        double s = f * f;
        double series = 1.0 / 23;
        series = series * s + 1.0 / 21;
        series = series * s + 1.0 / 19;
        series = series * s + 1.0 / 17;
        series = series * s + 1.0 / 15;
        series = series * s + 1.0 / 13;
        series = series * s + 1.0 / 11;
        series = series * s + 1.0 / 9;
        series = series * s + 1.0 / 7;
        series = series * s + 1.0 / 5;
        series = series * s + 1.0 / 3;
        double twice = 2 * f;
        return exponent * Log2High + (twice + (twice * s * series + exponent * Log2Low));
    }

    /// <summary>Sine and cosine of an angle of at most a few turns.</summary>
    /// <remarks>The angle is reduced to [-pi/4, pi/4] by a multiple of pi/2; both are then Taylor polynomials (remainder below 1e-19).</remarks>
    public static (double Sin, double Cos) SinCos(double angle)
    {
        double turns = Math.Floor(angle * TwoOverPi + 0.5);
        double r = angle - turns * HalfPiHigh - turns * HalfPiLow;
        double s = r * r;

        double sin = 1.0 / 355687428096000; // 1 / 17!
        sin = sin * s - 1.0 / 1307674368000;
        sin = sin * s + 1.0 / 6227020800;
        sin = sin * s - 1.0 / 39916800;
        sin = sin * s + 1.0 / 362880;
        sin = sin * s - 1.0 / 5040;
        sin = sin * s + 1.0 / 120;
        sin = sin * s - 1.0 / 6;
        sin = r + r * s * sin;

        double cos = 1.0 / 6402373705728000; // 1 / 18!
        cos = 1.0 / 20922789888000 - cos * s;
        cos = cos * s - 1.0 / 87178291200;
        cos = cos * s + 1.0 / 479001600;
        cos = cos * s - 1.0 / 3628800;
        cos = cos * s + 1.0 / 40320;
        cos = cos * s - 1.0 / 720;
        cos = cos * s + 1.0 / 24;
        cos = cos * s - 0.5;
        cos = 1 + s * cos;

        return ((int)turns & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>Arc cosine of a number in [-1, 1]; numbers outside are clamped.</summary>
    /// <remarks>arccos x = 2 arctan(sqrt((1 - x) / (1 + x))); arctan halves its argument twice, then sums its power series.</remarks>
    public static double Acos(double x)
    {
        if (x >= 1) return 0;
        if (x <= -1) return Math.PI;
        double tangent = Math.Sqrt((1 - x) / (1 + x));
        bool inverted = tangent > 1;
        if (inverted) tangent = 1 / tangent;
        double quarter = Half(Half(tangent));
        double s = quarter * quarter;
        double series = 1.0 / 29;
        for (int n = 27; n >= 1; n -= 2)
            series = 1.0 / n - series * s;
        double arctangent = 4 * quarter * series;
        return 2 * (inverted ? Math.PI / 2 - arctangent : arctangent);

        static double Half(double t) => t / (1 + Math.Sqrt(1 + t * t)); // tan(a / 2)
    }
}
