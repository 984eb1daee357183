namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>A binary floating-point format of up to 64 bits, and rounding of exact values into it.</summary>
internal sealed class FloatFormat
{
    private readonly int _exponentBits;
    private readonly int _mantissaBits;

    private FloatFormat(int exponentBits, int mantissaBits, bool hasInfinity, ulong nan)
    {
        _exponentBits = exponentBits;
        _mantissaBits = mantissaBits;
        HasInfinity = hasInfinity;
        Nan = nan;
    }

    public static FloatFormat Half { get; } = new(5, 10, true, 0x7FFF);

    public static FloatFormat BFloat16 { get; } = new(8, 7, true, 0x7FFF);

    public static FloatFormat Single { get; } = new(8, 23, true, 0x7FFF_FFFF);

    public static FloatFormat Double { get; } = new(11, 52, true, 0xFFF8_0000_0000_0000);

    /// <summary>Ten bits of mantissa with the exponent of single; kept in the upper 19 bits of 32.</summary>
    public static FloatFormat TensorFloat32 { get; } = new(8, 10, true, 0x3FFFF);

    /// <summary>No infinity; all ones is NaN, the largest number is 448.</summary>
    public static FloatFormat E4M3 { get; } = new(4, 3, false, 0x7F);

    public static FloatFormat E5M2 { get; } = new(5, 2, true, 0x7F);

    public bool HasInfinity { get; }

    /// <summary>The canonical NaN.</summary>
    public ulong Nan { get; }

    public int MantissaBits => _mantissaBits;

    private int Bias => (1 << (_exponentBits - 1)) - 1;

    private ulong SignBit => 1UL << (_exponentBits + _mantissaBits);

    private ulong Infinity => ((1UL << _exponentBits) - 1) << _mantissaBits;

    /// <summary>The largest finite number.</summary>
    public ulong Largest => HasInfinity ? Infinity - 1 : Nan - 1;

    /// <summary>Infinity of the sign, or the largest number where the format has none.</summary>
    public ulong Infinite(bool isNegative) => (HasInfinity ? Infinity : Nan) | Sign(isNegative);

    public ulong Sign(bool isNegative) => isNegative ? SignBit : 0;

    /// <summary>
    /// Rounds significand * 2^exponent into the format. The sticky flag says that the true magnitude is a little larger than that (by less
    /// than one in the last place). Too large gives infinity (or the largest number, where the mode says so or saturation is requested).
    /// </summary>
    public ulong Round(bool isNegative, ulong significand, int exponent, bool isSticky, Rounding rounding, bool isSaturating = false)
    {
        if (significand == 0) return Sign(isNegative) | (isSticky && Away(isNegative, rounding) ? 1UL : 0UL);
        // The significand's leading bit becomes bit 63.
        int shift = System.Numerics.BitOperations.LeadingZeroCount(significand);
        significand <<= shift;
        exponent += 63 - shift;
        int biased = exponent + Bias;
        int drop = 63 - _mantissaBits;
        if (biased < 1)
        {
            drop += 1 - biased;
            biased = 0;
        }
        ulong kept, rest;
        if (drop > 63)
        {
            kept = 0;
            rest = drop == 64 ? significand : 0;
            isSticky |= drop > 64;
        }
        else
        {
            kept = significand >> drop;
            rest = significand << (64 - drop);
        }
        const ulong Half = 1UL << 63;
        bool isUp = rounding switch
        {
            Rounding.Nearest => rest > Half || (rest == Half && (isSticky || (kept & 1) != 0)),
            Rounding.NearestAway => rest >= Half,
            _ => (rest != 0 || isSticky) && Away(isNegative, rounding),
        };
        // The implicit bit of a normal number adds itself to the exponent; a carry moves into it.
        ulong bits = biased == 0 ? kept : kept + ((ulong)(biased - 1) << _mantissaBits);
        if (isUp) bits++;
        if (bits > Largest) bits = isSaturating || (rounding != Rounding.Nearest && rounding != Rounding.NearestAway && !Away(isNegative, rounding))
            ? Largest
            : HasInfinity ? Infinity : Nan;
        return bits | Sign(isNegative);
    }

    private static bool Away(bool isNegative, Rounding rounding) => rounding switch
    {
        Rounding.Up => !isNegative,
        Rounding.Down => isNegative,
        _ => false,
    };

    /// <summary>Rounds a double, exactly represented but for an error of the given sign (0: exact), into the format.</summary>
    public ulong Round(double value, Rounding rounding, int errorSign = 0, bool isSaturating = false)
    {
        if (double.IsNaN(value)) return Nan;
        bool isNegative = double.IsNegative(value);
        if (double.IsInfinity(value)) return isSaturating ? Largest | Sign(isNegative) : Infinite(isNegative);
        (ulong significand, int exponent) = Split(value);
        bool isSticky = errorSign != 0;
        if (isSticky)
        {
            if (significand == 0) isNegative = errorSign < 0;
            // Room for the correction: a magnitude a little smaller is one less, and sticky.
            significand <<= 2;
            exponent -= 2;
            if (significand != 0 && errorSign < 0 != isNegative) significand--;
        }
        return Round(isNegative, significand, exponent, isSticky, rounding, isSaturating);
    }

    /// <summary>The value of a number of the format, which a double holds exactly.</summary>
    public double Value(ulong bits)
    {
        bool isNegative = (bits & SignBit) != 0;
        ulong magnitude = bits & (SignBit - 1);
        if (HasInfinity ? magnitude > Infinity : magnitude == Nan) return double.NaN;
        if (HasInfinity && magnitude == Infinity) return isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        int exponent = (int)(magnitude >> _mantissaBits);
        ulong mantissa = magnitude & ((1UL << _mantissaBits) - 1);
        double value = exponent == 0
            ? Math.ScaleB(mantissa, 1 - Bias - _mantissaBits)
            : Math.ScaleB(mantissa | (1UL << _mantissaBits), exponent - Bias - _mantissaBits);
        return isNegative ? -value : value;
    }

    /// <summary>Significand and exponent of a finite double's magnitude.</summary>
    public static (ulong Significand, int Exponent) Split(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value) & long.MaxValue;
        int exponent = (int)(bits >> 52);
        ulong mantissa = bits & ((1UL << 52) - 1);
        return exponent == 0 ? (mantissa, -1074) : (mantissa | (1UL << 52), exponent - 1075);
    }
}
