using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// Transcendentals of 16 floats. Every step is an IEEE add, multiply or fused multiply-add, so that a lane's result is the
/// same bytes on every instruction set (a machine library's exp is not). Polynomials are minimax fits (Remez exchange).
/// </summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;
    private const float InverseSqrt2 = 0.707106781f;

    /// <summary>2^x: relative error below 2e-7; zero from x = -127 down, infinity from 128 up. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2(Vector512<float> x) =>
        // Native minimum and maximum return their second operand when one is NaN: NaN passes through.
        Exp2Below(Vector512.MinNative(Vector512.Create(128f), x));

    /// <summary>2^x for x up to 128; undefined beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2Below(Vector512<float> x)
    {
        x = Vector512.MaxNative(Vector512.Create(-127f), x);
        // Adding 1.5 * 2^23 rounds to an integer n, which is then in the low bits.
        Vector512<float> magic = Vector512.Create(12582912f);
        Vector512<float> shifted = x + magic;
        Vector512<float> f = x - (shifted - magic);
        Vector512<float> p = Vector512.Create(0.000153458122f);
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.00133999312f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.00961848896f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.0555032878f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.240226469f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.693147206f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512<float>.One);
        // 2^n · p: n is added to the exponent bits. p is in [0.7, 1.42]: 2^128 reaches infinity's exponent, and 2^-127 has all bits zero.
        return (p.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
    }

    /// <summary>x · sigmoid(x), sigmoid(x) = 1 / (1 + e^-x) (Elfwing et al. 2018, arXiv:1702.03118).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Silu(Vector512<float> x) => x / (Vector512<float>.One + Exp2(x * Vector512.Create(-Log2E)));

    /// <summary>x · sigmoid(1.702 x): CLIP's quick GELU.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> QuickGelu(Vector512<float> x) => x / (Vector512<float>.One + Exp2(x * Vector512.Create(-1.702f * Log2E)));

    /// <summary>
    /// x · Φ(x) with Φ the normal distribution (Hendrycks and Gimpel 2016, arXiv:1606.08415), exact form. Φ comes from
    /// erfc(t), t = |x| / √2, as 2^P(t): log2 of erfc is smooth, so one polynomial covers every x; the absolute error of Φ is below 3e-8, also in the tail.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gelu(Vector512<float> x)
    {
        Vector512<float> t = Vector512.MinNative(Vector512.Create(6.5f), Vector512.Abs(x) * Vector512.Create(InverseSqrt2));
        Vector512<float> p = Vector512.Create(-8.25924722e-7f);
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.88342884e-5f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.00017729339f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.000886259942f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.00229705781f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(7.41533788e-5f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(0.0277467013f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.148319747f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-0.918440261f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-1.62790749f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(4.20778617e-9f));
        Vector512<float> tail = Exp2(p) * Vector512.Create(0.5f);
        Vector512<float> phi = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
        return x * phi;
    }

    /// <summary>Sum of the 16 lanes in a fixed tree: halves are added, 16 → 8 → 4 → 2 → 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> x)
    {
        Vector256<float> eight = x.GetLower() + x.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>The first <paramref name="count"/> (1 … 16) floats at <paramref name="source"/>, the other lanes zero; reads nothing beyond them.</summary>
    public static unsafe Vector512<float> LoadPartial(float* source, int count)
    {
        if (count >= Vector512<float>.Count)
            return Vector512.Load(source);
        float* lanes = stackalloc float[Vector512<float>.Count];
        new Span<float>(lanes, Vector512<float>.Count).Clear();
        for (int i = 0; i < count; i++)
            lanes[i] = source[i];
        return Vector512.Load(lanes);
    }

    /// <summary>Writes the first <paramref name="count"/> (1 … 16) lanes and nothing beyond them.</summary>
    public static unsafe void StorePartial(Vector512<float> x, float* destination, int count)
    {
        if (count >= Vector512<float>.Count)
        {
            x.Store(destination);
            return;
        }

        float* lanes = stackalloc float[Vector512<float>.Count];
        x.Store(lanes);
        for (int i = 0; i < count; i++)
            destination[i] = lanes[i];
    }
}
