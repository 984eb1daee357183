namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>
/// Sums, products and quotients of single-precision numbers in double, with the sign of the rounding error: exact, so that any rounding mode
/// follows.
/// </summary>
internal static class ExactArithmetic
{
    /// <summary>a + b and the sign of the error (exact value minus returned value). Knuth's two-sum.</summary>
    public static (double Value, int Error) Add(double a, double b)
    {
        double sum = a + b;
        if (!double.IsFinite(sum)) return (sum, 0);
        double part = sum - a;
        double error = (a - (sum - part)) + (b - part);
        return (sum, Math.Sign(error));
    }

    /// <summary>a * b + c, where a * b is exact in double (both are single), and the sign of the error.</summary>
    public static (double Value, int Error) MultiplyAddSingle(double a, double b, double c) => Add(a * b, c);

    /// <summary>a / b and the sign of the error.</summary>
    public static (double Value, int Error) Divide(double a, double b)
    {
        double quotient = a / b;
        if (!double.IsFinite(quotient) || double.IsInfinity(b) || quotient == 0) return (quotient, 0);
        double remainder = Math.FusedMultiplyAdd(-quotient, b, a);
        return (quotient, b < 0 ? -Math.Sign(remainder) : Math.Sign(remainder));
    }

    /// <summary>The square root of a and the sign of the error.</summary>
    public static (double Value, int Error) SquareRoot(double a)
    {
        double root = Math.Sqrt(a);
        if (!double.IsFinite(root) || root == 0) return (root, 0);
        return (root, Math.Sign(Math.FusedMultiplyAdd(-root, root, a)));
    }
}
