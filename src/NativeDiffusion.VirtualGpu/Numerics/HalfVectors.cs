using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>
/// Half precision and bfloat16, sixteen lanes at a time, by bit operations: a lane is 32 bits wide, the number in its lower half. Exact both ways but
/// for the one rounding to nearest even.
/// </summary>
internal static class HalfVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromHalf(Vector512<uint> half)
    {
        Vector512<uint> magnitude = (half & Vector512.Create(0x7FFFu)) << 13;
        // Times 2^112 the exponent is right, and subnormal halves become normal numbers.
        Vector512<uint> value = (magnitude.AsSingle() * Vector512.Create(0x7780_0000u).AsSingle()).AsUInt32();
        // Infinity and NaN map to the other format's all-ones exponent.
        value |= Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(0x7C00u << 13)) & Vector512.Create(0x7F80_0000u);
        return (value | ((half & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <summary>Rounds to nearest even; NaN becomes the canonical 0x7FFF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ToHalf(Vector512<float> single)
    {
        Vector512<uint> bits = single.AsUInt32();
        Vector512<uint> sign = bits & Vector512.Create(0x8000_0000u);
        Vector512<uint> magnitude = bits ^ sign;
        Vector512<uint> odd = (magnitude >> 13) & Vector512<uint>.One;
        Vector512<uint> normal = (magnitude + odd + Vector512.Create(unchecked((uint)((15 - 127) << 23)) + 0xFFF)) >> 13;
        // Below the normal numbers an addition shifts the mantissa to its place and rounds it.
        Vector512<uint> magic = Vector512.Create(126u << 23);
        Vector512<uint> tiny = (magnitude.AsSingle() + magic.AsSingle()).AsUInt32() - magic;
        Vector512<uint> value = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(113u << 23)), tiny, normal);
        value = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(magnitude, Vector512.Create(143u << 23)), Vector512.Create(0x7C00u), value);
        value |= sign >> 16;
        return Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(255u << 23)), Vector512.Create(0x7FFFu), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromBFloat(Vector512<uint> bfloat) => (bfloat << 16).AsSingle();

    /// <summary>Rounds to nearest even; NaN becomes the canonical 0x7FFF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ToBFloat(Vector512<float> single)
    {
        Vector512<uint> bits = single.AsUInt32();
        Vector512<uint> rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        Vector512<uint> isNan = Vector512.GreaterThan(bits & Vector512.Create(0x7FFF_FFFFu), Vector512.Create(0x7F80_0000u));
        return Vector512.ConditionalSelect(isNan, Vector512.Create(0x7FFFu), rounded);
    }

    /// <summary>
    /// a*b + c for numbers of 11 bits or fewer, rounded to odd: a later rounding to half or bfloat16 is then the only one
    /// (Boldo and Melquiond 2008, "Emulation of a FMA and correctly rounded sums").
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAddToOdd(Vector512<float> a, Vector512<float> b, Vector512<float> c)
    {
        Vector512<float> product = a * b;
        Vector512<float> sum = product + c;
        Vector512<float> part = sum - product;
        Vector512<float> error = (product - (sum - part)) + (c - part);
        // Comparisons are false for NaN: an infinite sum stays as it is.
        return Odd(sum.AsUInt32(), error).AsSingle();
    }

    /// <summary>As <see cref="MultiplyAddToOdd"/> for bfloat16, whose products leave the range of single precision: in double, then to odd twice.</summary>
    public static Vector512<float> MultiplyAddToOddWide(Vector512<float> a, Vector512<float> b, Vector512<float> c)
    {
        (Vector512<double> a0, Vector512<double> a1) = Vector512.Widen(a);
        (Vector512<double> b0, Vector512<double> b1) = Vector512.Widen(b);
        (Vector512<double> c0, Vector512<double> c1) = Vector512.Widen(c);
        Vector512<double> low = SumToOdd(a0 * b0, c0), high = SumToOdd(a1 * b1, c1);
        Vector512<float> near = Vector512.Narrow(low, high);
        (Vector512<double> near0, Vector512<double> near1) = Vector512.Widen(near);
        // Where rounding moved an even result, its odd neighbour lies on the other side.
        Vector512<float> error = Vector512.Narrow(Sign(low - near0), Sign(high - near1));
        return Odd(near.AsUInt32(), error).AsSingle();
    }

    private static Vector512<double> SumToOdd(Vector512<double> x, Vector512<double> y)
    {
        Vector512<double> sum = x + y, part = sum - x;
        Vector512<double> error = (x - (sum - part)) + (y - part);
        Vector512<ulong> bits = sum.AsUInt64();
        Vector512<ulong> isEven = Vector512.Equals(bits & Vector512<ulong>.One, Vector512<ulong>.Zero);
        Vector512<ulong> isInexact = (Vector512.GreaterThan(error, Vector512<double>.Zero) | Vector512.LessThan(error, Vector512<double>.Zero)).AsUInt64();
        Vector512<ulong> isOpposite = Vector512.LessThan((error.AsUInt64() ^ bits).AsInt64(), Vector512<long>.Zero).AsUInt64();
        return Vector512.ConditionalSelect(isEven & isInexact, bits + (isOpposite | Vector512<ulong>.One), bits).AsDouble();
    }

    /// <summary>1, -1, 0, or 0 for NaN.</summary>
    private static Vector512<double> Sign(Vector512<double> x) =>
        (Vector512.GreaterThan(x, Vector512<double>.Zero) & Vector512.Create(1.0)) - (Vector512.LessThan(x, Vector512<double>.Zero) & Vector512.Create(1.0));

    private static Vector512<uint> Odd(Vector512<uint> bits, Vector512<float> error)
    {
        Vector512<uint> isEven = Vector512.Equals(bits & Vector512<uint>.One, Vector512<uint>.Zero);
        Vector512<uint> isInexact = (Vector512.GreaterThan(error, Vector512<float>.Zero) | Vector512.LessThan(error, Vector512<float>.Zero)).AsUInt32();
        Vector512<uint> isOpposite = Vector512.LessThan((error.AsUInt32() ^ bits).AsInt32(), Vector512<int>.Zero).AsUInt32();
        return Vector512.ConditionalSelect(isEven & isInexact, bits + (isOpposite | Vector512<uint>.One), bits);
    }
}
