namespace NativeDiffusion.Solvers;

/// <summary>
/// Elementary functions from additions, multiplications, divisions and square roots of IEEE doubles alone, so that a table has the same bits
/// on every platform, although C libraries differ in the last one. Errors are a few units in the last place of a double.
/// </summary>
internal static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-01; // the upper 33 bits of ln 2: a whole number times it is exact
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>Natural logarithm; minus infinity at 0.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsInfinity(x)) return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;

        // x = 2^e·m with m near 1; ln m = 2 artanh((m - 1) / (m + 1)) by its power series.
        int e = Math.ILogB(x);
        double m = Math.ScaleB(x, -e);
        if (m > Sqrt2)
        {
            m /= 2;
            e++;
        }

        double f = (m - 1) / (m + 1), s = f * f, series = 0;
        for (int n = 25; n >= 3; n -= 2) series = (series + 1.0 / n) * s;
        return e * Ln2High + (2 * f + (2 * f * series + e * Ln2Low));
    }

    /// <summary>Exponential.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.7) return double.PositiveInfinity;
        if (x < -745) return 0;

        // e^x = 2^k·e^r with |r| at most ln 2 / 2, by its Taylor polynomial.
        double k = Math.Round(x / (Ln2High + Ln2Low));
        double r = x - k * Ln2High - k * Ln2Low, sum = 1;
        for (int n = 14; n >= 1; n--) sum = 1 + r / n * sum;
        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>A power of a number that is not negative.</summary>
    public static double Pow(double x, double y) => y == 0 ? 1 : x == 0 ? 0 : y == 1 ? x : Exp(y * Log(x));

    /// <summary>Cosine of an angle from 0 to π/2.</summary>
    public static double Cos(double angle) => Sin(Math.PI / 2 - angle);

    /// <summary>Sine of an angle from 0 to π/2.</summary>
    public static double Sin(double angle)
    {
        // sin 3a = 3 sin a - 4 sin³ a, so that the Taylor polynomial is evaluated at a third of the angle.
        double a = angle / 3, s = a * a, sum = 1;
        for (int n = 18; n >= 2; n -= 2) sum = 1 - s / (n * (n + 1.0)) * sum;
        double sine = a * sum;
        return 3 * sine - 4 * sine * sine * sine;
    }

    /// <summary>Tangent of an angle from 0 to below π/2.</summary>
    public static double Tan(double angle) => Sin(angle) / Cos(angle);

    /// <summary>Arc tangent of a number that is not negative.</summary>
    public static double Atan(double x)
    {
        if (x > 1) return Math.PI / 2 - Atan(1 / x);

        // The argument is halved twice, then the power series is summed.
        double quarter = Half(Half(x)), s = quarter * quarter, series = 0;
        for (int n = 29; n >= 3; n -= 2) series = (1.0 / n - series) * s;
        return 4 * quarter * (1 - series);

        static double Half(double t) => t / (1 + Math.Sqrt(1 + t * t));
    }
}
