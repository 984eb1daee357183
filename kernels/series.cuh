// Logarithm, sine and cosine from IEEE additions, multiplications and divisions of doubles alone: the same bits as Elementary.cs on the
// CPU. Products and sums must not be fused (compiled with --fmad=false).
#pragma once

// ln(2^e m) = e ln 2 + 2 artanh((m - 1) / (m + 1)), m in [sqrt(1/2), sqrt(2)), by its power series. x is positive and normal.
__device__ __forceinline__ double series_log(double x)
{
    const long long bits = __double_as_longlong(x);
    int exponent = (int)(bits >> 52) - 1022;
    double m = __longlong_as_double((bits & 0x000FFFFFFFFFFFFFll) | 0x3FE0000000000000ll);
    if (m < 0.70710678118654752440)
    {
        m *= 2;
        exponent--;
    }
    const double f = __ddiv_rn(m - 1, m + 1), s = f * f;
    double series = 1.0 / 23;
    series = series * s + 1.0 / 21;
    series = series * s + 1.0 / 19;
    series = series * s + 1.0 / 17;
    series = series * s + 1.0 / 15;
    series = series * s + 1.0 / 13;
    series = series * s + 1.0 / 11;
    series = series * s + 1.0 / 9;
    series = series * s + 1.0 / 7;
    series = series * s + 1.0 / 5;
    series = series * s + 1.0 / 3;
    const double twice = 2 * f;
    return exponent * 6.93147180369123816490e-01 + (twice + (twice * s * series + exponent * 1.90821492927058770002e-10));
}

struct SinCos { double sin, cos; };

// The angle, a few turns at most, is reduced to [-pi/4, pi/4] by a multiple of pi/2; both are then Taylor polynomials.
__device__ __forceinline__ SinCos series_sincos(double angle)
{
    const double turns = floor(angle * 6.36619772367581382433e-01 + 0.5);
    const double r = angle - turns * 1.57079632673412561417e+00 - turns * 6.07710050650619224932e-11;
    const double s = r * r;

    double sin = 1.0 / 355687428096000;
    sin = sin * s - 1.0 / 1307674368000;
    sin = sin * s + 1.0 / 6227020800;
    sin = sin * s - 1.0 / 39916800;
    sin = sin * s + 1.0 / 362880;
    sin = sin * s - 1.0 / 5040;
    sin = sin * s + 1.0 / 120;
    sin = sin * s - 1.0 / 6;
    sin = r + r * s * sin;

    double cos = 1.0 / 6402373705728000;
    cos = 1.0 / 20922789888000 - cos * s;
    cos = cos * s - 1.0 / 87178291200;
    cos = cos * s + 1.0 / 479001600;
    cos = cos * s - 1.0 / 3628800;
    cos = cos * s + 1.0 / 40320;
    cos = cos * s - 1.0 / 720;
    cos = cos * s + 1.0 / 24;
    cos = cos * s - 0.5;
    cos = 1 + s * cos;

    // Selections, no branches: lanes have all four quadrants.
    const int quarter = (int)turns;
    const double first = quarter & 1 ? cos : sin, second = quarter & 1 ? sin : cos;
    return {quarter & 2 ? -first : first, (quarter + 1) & 2 ? -second : second};
}
