namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>
/// Sums, products and quotients with the sign of what rounding lost, from which any rounding mode follows. For single precision all of it is
/// exact; for double precision it is, short of underflow of the error term.
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

    /// <summary>a * b and the sign of the error.</summary>
    public static (double Value, int Error) Multiply(double a, double b)
    {
        double product = a * b;
        if (!double.IsFinite(product)) return (product, 0);
        return (product, Math.Sign(Math.FusedMultiplyAdd(a, b, -product)));
    }

    /// <summary>a * b + c, where a * b is exact in double (both are single), and the sign of the error.</summary>
    public static (double Value, int Error) MultiplyAddSingle(double a, double b, double c) => Add(a * b, c);

    /// <summary>a * b + c rounded once, and the sign of the error.</summary>
    public static (double Value, int Error) MultiplyAdd(double a, double b, double c)
    {
        double value = Math.FusedMultiplyAdd(a, b, c);
        if (!double.IsFinite(value)) return (value, 0);
        // a*b = high + low exactly; c + high = sum + rest exactly; what is left over decides.
        double high = a * b, low = Math.FusedMultiplyAdd(a, b, -high);
        double sum = high + c, part = sum - high;
        double rest = (high - (sum - part)) + (c - part);
        (double tail, int tailError) = Add(rest, low);
        (double difference, int differenceError) = Add(sum - value, tail);
        int sign = Math.Sign(difference);
        return (value, sign != 0 ? sign : differenceError != 0 ? differenceError : tailError);
    }

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

    /// <summary>A double rounded by another mode than to nearest, from the value to nearest and the sign of its error.</summary>
    public static double Redirect(double value, int error, Rounding rounding)
    {
        if (rounding == Rounding.Nearest) return value;
        if (double.IsInfinity(value) && error == 0) return value;
        bool isUp = rounding == Rounding.Up || (rounding == Rounding.Zero && (value < 0 || (value == 0 && error < 0)));
        if (isUp) return error > 0 ? Math.BitIncrement(value) : value;
        return error < 0 ? Math.BitDecrement(value) : value;
    }
}
