using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>
/// The special function unit, in double precision by our own series, so that the final rounding to single is the only significant error and
/// every machine gives the same bits: 2^x, log2, sine, cosine, tanh. Hardware results differ in the last bits, within the documented error.
/// </summary>
internal static class SpecialFunctions
{
    private const double Ln2 = 0.6931471805599453;

    /// <summary>2^x for x within what single precision can hold; beyond, zero or infinity after rounding.</summary>
    public static Vector512<double> Exp2(Vector512<double> x)
    {
        Vector512<double> bounded = Vector512.Min(Vector512.Max(x, Vector512.Create(-400.0)), Vector512.Create(400.0));
        Vector512<double> whole = Vector512.Round(bounded);
        Vector512<double> y = ExpSeries((bounded - whole) * Ln2);
        Vector512<long> exponent = (Vector512.ConvertToInt64(whole) + Vector512.Create(1023L)) << 52;
        return Keep(x, y * exponent.AsDouble());
    }

    /// <summary>e^x for |x| at most 0.35: eleven terms.</summary>
    private static Vector512<double> ExpSeries(Vector512<double> x)
    {
        Vector512<double> y = Vector512.Create(1.0 / 3628800);
        y = Step(y, x, 1.0 / 362880);
        y = Step(y, x, 1.0 / 40320);
        y = Step(y, x, 1.0 / 5040);
        y = Step(y, x, 1.0 / 720);
        y = Step(y, x, 1.0 / 120);
        y = Step(y, x, 1.0 / 24);
        y = Step(y, x, 1.0 / 6);
        y = Step(y, x, 0.5);
        y = Step(y, x, 1);
        return Step(y, x, 1);
    }

    /// <summary>log2(x): the exponent, and atanh of (m-1)/(m+1) for the mantissa m.</summary>
    public static Vector512<double> Log2(Vector512<double> x)
    {
        Vector512<long> bits = x.AsInt64();
        Vector512<long> exponent = ((bits >> 52) & Vector512.Create(0x7FFL)) - Vector512.Create(1023L);
        Vector512<double> m = ((bits & Vector512.Create(0xF_FFFF_FFFF_FFFFL)) | Vector512.Create(0x3FF0_0000_0000_0000L)).AsDouble();
        Vector512<long> isLarge = Vector512.GreaterThan(m, Vector512.Create(1.4142135623730951)).AsInt64();
        m = Vector512.ConditionalSelect(isLarge.AsDouble(), m * 0.5, m);
        exponent -= isLarge;
        Vector512<double> s = (m - Vector512<double>.One) / (m + Vector512<double>.One), s2 = s * s;
        Vector512<double> y = Vector512.Create(1.0 / 15);
        y = Step(y, s2, 1.0 / 13);
        y = Step(y, s2, 1.0 / 11);
        y = Step(y, s2, 1.0 / 9);
        y = Step(y, s2, 1.0 / 7);
        y = Step(y, s2, 1.0 / 5);
        y = Step(y, s2, 1.0 / 3);
        y = Step(y, s2, 1);
        Vector512<double> value = Vector512.FusedMultiplyAdd(y * s, Vector512.Create(2 / Ln2), Vector512.ConvertToDouble(exponent));
        value = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), Vector512.Create(double.NegativeInfinity), value);
        value = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<double>.Zero), Vector512.Create(double.NaN), value);
        return Keep(x, Vector512.ConditionalSelect(Vector512.Equals(x, Vector512.Create(double.PositiveInfinity)), x, value));
    }

    public static Vector512<double> Sin(Vector512<double> x) => Wave(x, 0);

    public static Vector512<double> Cos(Vector512<double> x) => Wave(x, 1);

    /// <summary>tanh(x) = 1 - 2/(1 + e^2x); its series near zero, where that would cancel.</summary>
    public static Vector512<double> Tanh(Vector512<double> x)
    {
        Vector512<double> bounded = Vector512.Min(Vector512.Max(x, Vector512.Create(-20.0)), Vector512.Create(20.0));
        Vector512<double> large = Vector512<double>.One - (Vector512.Create(2.0) / (Vector512<double>.One + Exp2(bounded * (2 / Ln2))));
        Vector512<double> x2 = x * x;
        Vector512<double> small = x * Step(Step(Vector512.Create(2.0 / 15), x2, -1.0 / 3), x2, 1);
        return Keep(x, Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create(0.05)), small, large));
    }

    /// <summary>sin(x + quarter * pi/2), by reduction to within pi/4 and the series of sine and cosine.</summary>
    private static Vector512<double> Wave(Vector512<double> x, long quarter)
    {
        Vector512<double> turns = Vector512.Round(x * (2 / Math.PI));
        // pi/2 in two parts: the nearest double and the remainder.
        Vector512<double> r = Vector512.FusedMultiplyAdd(turns, Vector512.Create(-1.5707963267948966), x);
        r = Vector512.FusedMultiplyAdd(turns, Vector512.Create(-6.123233995736766e-17), r);
        Vector512<long> k = Vector512.ConvertToInt64(turns) + Vector512.Create(quarter);
        Vector512<double> r2 = r * r;
        Vector512<double> sine = Vector512.Create(-1.0 / 39916800);
        sine = Step(sine, r2, 1.0 / 362880);
        sine = Step(sine, r2, -1.0 / 5040);
        sine = Step(sine, r2, 1.0 / 120);
        sine = Step(sine, r2, -1.0 / 6);
        sine = Step(sine, r2, 1) * r;
        Vector512<double> cosine = Vector512.Create(1.0 / 479001600);
        cosine = Step(cosine, r2, -1.0 / 3628800);
        cosine = Step(cosine, r2, 1.0 / 40320);
        cosine = Step(cosine, r2, -1.0 / 720);
        cosine = Step(cosine, r2, 1.0 / 24);
        cosine = Step(cosine, r2, -0.5);
        cosine = Step(cosine, r2, 1);
        Vector512<long> isOdd = Vector512.Equals(k & Vector512<long>.One, Vector512<long>.One);
        Vector512<double> value = Vector512.ConditionalSelect(isOdd.AsDouble(), cosine, sine);
        Vector512<long> sign = (k & Vector512.Create(2L)) << 62;
        value = (value.AsInt64() ^ sign).AsDouble();
        return Vector512.ConditionalSelect(
            Vector512.Equals(Vector512.Abs(x), Vector512.Create(double.PositiveInfinity)), Vector512.Create(double.NaN), Keep(x, value));
    }

    /// <summary>y, but NaN where x is.</summary>
    private static Vector512<double> Keep(Vector512<double> x, Vector512<double> y) => Vector512.ConditionalSelect(Vector512.Equals(x, x), y, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Step(Vector512<double> y, Vector512<double> x, double next) => Vector512.FusedMultiplyAdd(y, x, Vector512.Create(next));
}
