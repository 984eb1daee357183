namespace NativeDiffusion.Cpu;

/// <summary>
/// exp, sin and cos in double from IEEE operations alone: the same digits on every machine, about 1e-15 relative.
/// For the few numbers that affect pixels through tables (timestep embeddings); vectors are in <see cref="VectorMath"/>.
/// </summary>
internal static class ScalarMath
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.69314718055994531;
    private const double Ln2Low = 2.3190468138462996e-17;
    private const double TwoOverPi = 0.63661977236758134;
    private const double HalfPiHigh = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;

    /// <summary>e^x for |x| below 700.</summary>
    public static double Exp(double x)
    {
        double n = Math.Round(x * Log2E);
        double r = Math.FusedMultiplyAdd(-n, Ln2High, x);
        r = Math.FusedMultiplyAdd(-n, Ln2Low, r);
        // Taylor on |r| <= ln(2) / 2: the 18th term is below 1e-24.
        double sum = 1;
        for (int k = 17; k >= 1; k--)
            sum = Math.FusedMultiplyAdd(sum, r / k, 1);
        return Math.ScaleB(sum, (int)n);
    }

    /// <summary>sin and cos of x in radians, |x| below 1e6.</summary>
    public static (double Sin, double Cos) SinCos(double x)
    {
        double n = Math.Round(x * TwoOverPi);
        double r = Math.FusedMultiplyAdd(-n, HalfPiHigh, x);
        r = Math.FusedMultiplyAdd(-n, HalfPiLow, r);
        double square = r * r;
        // Taylor on |r| <= pi / 4.
        double sin = 1;
        double cos = 1;
        for (int k = 20; k >= 2; k -= 2)
        {
            sin = 1 - (sin * square / (k * (k + 1)));
            cos = 1 - (cos * square / (k * (k - 1)));
        }

        sin *= r;
        return ((long)n & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }
}
