using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>A number mantissa * 2^exponent of any size, or a special one; and rounding of exact results by the definition, digit by digit.</summary>
internal readonly record struct ExactNumber(NumberKind Kind, bool IsNegative, BigInteger Mantissa, int Exponent)
{
    /// <summary>Exponent and mantissa bits of a format.</summary>
    internal readonly record struct Format(int ExponentBits, int MantissaBits)
    {
        public static Format Half { get; } = new(5, 10);

        public static Format BFloat { get; } = new(8, 7);

        public static Format Single { get; } = new(8, 23);

        public static Format Double { get; } = new(11, 52);

        public int Bias => (1 << (ExponentBits - 1)) - 1;

        public int Bits => ExponentBits + MantissaBits + 1;

        /// <summary>The NaN of PTX's results.</summary>
        public ulong Nan => ExponentBits == 11 ? 0xFFF8_0000_0000_0000 : (1UL << (Bits - 1)) - 1;

        public ulong Infinity => ((1UL << ExponentBits) - 1) << MantissaBits;
    }

    public static ExactNumber Zero(bool isNegative) => new(NumberKind.Finite, isNegative, 0, 0);

    public static ExactNumber Decode(ulong bits, Format format)
    {
        bool isNegative = (bits >> (format.Bits - 1) & 1) != 0;
        ulong exponent = bits >> format.MantissaBits & ((1UL << format.ExponentBits) - 1), mantissa = bits & ((1UL << format.MantissaBits) - 1);
        if (exponent == (1UL << format.ExponentBits) - 1) return new(mantissa != 0 ? NumberKind.Nan : NumberKind.Infinite, isNegative, 0, 0);
        int scale = (exponent == 0 ? 1 : (int)exponent) - format.Bias - format.MantissaBits;
        return new(NumberKind.Finite, isNegative, exponent == 0 ? mantissa : mantissa | (1UL << format.MantissaBits), scale);
    }

    private BigInteger Signed => IsNegative ? -Mantissa : Mantissa;

    public bool IsZero => Kind == NumberKind.Finite && Mantissa.IsZero;

    public static ExactNumber operator -(ExactNumber a) => a with { IsNegative = !a.IsNegative };

    /// <summary>The sum; opposite zeros and cancellation give a zero whose sign is for the rounding to choose (null).</summary>
    public static (ExactNumber Value, bool IsZeroSignOpen) Add(ExactNumber a, ExactNumber b)
    {
        if (a.Kind == NumberKind.Nan || b.Kind == NumberKind.Nan) return (new(NumberKind.Nan, false, 0, 0), false);
        if (a.Kind == NumberKind.Infinite && b.Kind == NumberKind.Infinite && a.IsNegative != b.IsNegative) return (new(NumberKind.Nan, false, 0, 0), false);
        if (a.Kind == NumberKind.Infinite) return (a, false);
        if (b.Kind == NumberKind.Infinite) return (b, false);
        int exponent = Math.Min(a.Exponent, b.Exponent);
        BigInteger sum = (a.Signed << (a.Exponent - exponent)) + (b.Signed << (b.Exponent - exponent));
        if (!sum.IsZero) return (new(NumberKind.Finite, sum.Sign < 0, BigInteger.Abs(sum), exponent), false);
        bool isOpen = a.IsNegative != b.IsNegative || !a.IsZero;
        return (Zero(a.IsNegative && b.IsNegative), isOpen);
    }

    public static ExactNumber Multiply(ExactNumber a, ExactNumber b)
    {
        bool isNegative = a.IsNegative != b.IsNegative;
        if (a.Kind == NumberKind.Nan || b.Kind == NumberKind.Nan) return new(NumberKind.Nan, false, 0, 0);
        if (a.Kind == NumberKind.Infinite || b.Kind == NumberKind.Infinite) return a.IsZero
            || b.IsZero ? new(NumberKind.Nan, false, 0, 0) : new(NumberKind.Infinite, isNegative, 0, 0);
        return new(NumberKind.Finite, isNegative, a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);
    }

    /// <summary>The quotient with many bits; the last one tells whether anything was left.</summary>
    public static ExactNumber Divide(ExactNumber a, ExactNumber b)
    {
        bool isNegative = a.IsNegative != b.IsNegative;
        if (a.Kind == NumberKind.Nan || b.Kind == NumberKind.Nan) return new(NumberKind.Nan, false, 0, 0);
        if (a.Kind == NumberKind.Infinite) return b.Kind == NumberKind.Infinite ? new(NumberKind.Nan, false, 0, 0) : new(NumberKind.Infinite, isNegative, 0, 0);
        if (b.Kind == NumberKind.Infinite) return Zero(isNegative);
        if (b.IsZero) return a.IsZero ? new(NumberKind.Nan, false, 0, 0) : new(NumberKind.Infinite, isNegative, 0, 0);
        BigInteger quotient = BigInteger.DivRem(a.Mantissa << 300, b.Mantissa, out BigInteger rest);
        return new(NumberKind.Finite, isNegative, (quotient << 1) | (rest.IsZero ? 0 : 1), a.Exponent - b.Exponent - 301);
    }

    public static ExactNumber SquareRoot(ExactNumber a)
    {
        if (a.Kind == NumberKind.Nan) return a;
        if (a.IsZero) return a;
        if (a.IsNegative) return new(NumberKind.Nan, false, 0, 0);
        if (a.Kind == NumberKind.Infinite) return a;
        int shift = 400 + (a.Exponent & 1);
        BigInteger square = a.Mantissa << shift;
        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (square / root)) >> 1;
            if (next >= root) break;
            root = next;
        }
        return new(NumberKind.Finite, false, (root << 1) | (root * root == square ? 0 : 1), ((a.Exponent - shift) / 2) - 1);
    }

    /// <summary>Rounds into a format by "rn", "rz", "rm" or "rp".</summary>
    public ulong Round(Format format, string mode, bool isZeroSignOpen = false)
    {
        ulong sign = IsNegative ? 1UL << (format.Bits - 1) : 0;
        if (Kind == NumberKind.Nan) return format.Nan;
        if (Kind == NumberKind.Infinite) return sign | format.Infinity;
        if (Mantissa.IsZero)
        {
            bool isMinus = isZeroSignOpen ? mode == "rm" : IsNegative;
            return isMinus ? 1UL << (format.Bits - 1) : 0;
        }
        int top = (int)Mantissa.GetBitLength() - 1 + Exponent;
        // The unit of the last place: fixed below the normal numbers.
        int unit = Math.Max(top, 1 - format.Bias) - format.MantissaBits;
        int drop = unit - Exponent;
        BigInteger kept = drop > 0 ? Mantissa >> drop : Mantissa << -drop;
        BigInteger rest = drop > 0 ? Mantissa - (kept << drop) : 0;
        if (!rest.IsZero)
        {
            BigInteger half = BigInteger.One << (drop - 1);
            bool isUp = mode switch
            {
                "rn" => rest > half || (rest == half && !kept.IsEven),
                "rp" => !IsNegative,
                "rm" => IsNegative,
                _ => false,
            };
            if (isUp) kept++;
        }
        if (kept.GetBitLength() > format.MantissaBits + 1)
        {
            kept >>= 1;
            unit++;
        }
        int exponent = kept.GetBitLength() <= format.MantissaBits ? 0 : unit + format.MantissaBits + format.Bias;
        if (exponent >= (1 << format.ExponentBits) - 1)
        {
            bool isLargest = mode == "rz" || (mode == "rp" && IsNegative) || (mode == "rm" && !IsNegative);
            return sign | (isLargest ? format.Infinity - 1 : format.Infinity);
        }
        return sign | ((ulong)exponent << format.MantissaBits) | ((ulong)kept & ((1UL << format.MantissaBits) - 1));
    }
}
