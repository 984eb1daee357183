using System.Globalization;

namespace NativeDiffusion.Randomness;

/// <summary>Python's <c>round(x, 6)</c>: the double nearest to the exact value rounded to six decimals, ties to even.</summary>
internal static class DecimalRounding
{
    private const long Million = 1_000_000;

    /// <summary>Rounds to a multiple of a millionth. Scaling by 1e6 in floating point would miss ties and near-ties.</summary>
    public static double ToMillionths(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        if (exponent >= 0) return x; // a whole number, or not finite
        ulong mantissa = ((ulong)bits & 0x000F_FFFF_FFFF_FFFF) | 0x0010_0000_0000_0000;
        if (exponent < -120) return bits < 0 ? -0.0 : 0.0;

        UInt128 scaled = (UInt128)mantissa * Million; // below 2^73
        int shift = -exponent;
        UInt128 whole = scaled >> shift;
        UInt128 rest = scaled - (whole << shift);
        UInt128 half = UInt128.One << (shift - 1);
        if (rest > half || (rest == half && !UInt128.IsEvenInteger(whole))) whole++;

        // The quotient of two exact doubles is rounded once, equal to parsing the decimal.
        double magnitude = whole < (UInt128)(1UL << 53)
            ? (double)(ulong)whole / Million
            : double.Parse($"{whole / Million}.{whole % Million:000000}", CultureInfo.InvariantCulture);
        return bits < 0 ? -magnitude : magnitude;
    }
}
