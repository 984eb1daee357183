// Functions that a compiler's library computes, each within its documented error.
typedef unsigned int u32;
#define KERNEL(name) extern "C" __global__ void name(const u32* in, u32* out, int n)
#define AT int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; float a = __uint_as_float(in[i]), b = __uint_as_float(in[i + n]); (void)b;
#define AT64 int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; double a = ((const double*)in)[i]; double* o = (double*)out + 5 * i;
#define BITS(x) __float_as_uint(x)

KERNEL(trigonometry)
{
    AT;
    float s, c;
    sincosf(a, &s, &c);
    out[5 * i] = BITS(sinf(a)); out[5 * i + 1] = BITS(cosf(a)); out[5 * i + 2] = BITS(tanf(a)); out[5 * i + 3] = BITS(s); out[5 * i + 4] = BITS(c);
}

KERNEL(exponentials)
{
    AT;
    out[5 * i] = BITS(expf(a)); out[5 * i + 1] = BITS(exp2f(a)); out[5 * i + 2] = BITS(expm1f(a)); out[5 * i + 3] = BITS(exp10f(a)); out[5 * i + 4] = BITS(sinhf(a));
}

KERNEL(logarithms)
{
    AT;
    a = fabsf(a);
    out[5 * i] = BITS(logf(a)); out[5 * i + 1] = BITS(log2f(a)); out[5 * i + 2] = BITS(log10f(a)); out[5 * i + 3] = BITS(log1pf(a)); out[5 * i + 4] = BITS(asinhf(a));
}

KERNEL(powers)
{
    AT;
    out[4 * i] = BITS(powf(fabsf(a), b)); out[4 * i + 1] = BITS(cbrtf(a)); out[4 * i + 2] = BITS(rsqrtf(fabsf(a))); out[4 * i + 3] = BITS(hypotf(a, b));
}

KERNEL(sigmoids)
{
    AT;
    out[5 * i] = BITS(tanhf(a)); out[5 * i + 1] = BITS(erff(a)); out[5 * i + 2] = BITS(erfcf(a)); out[5 * i + 3] = BITS(atanf(a)); out[5 * i + 4] = BITS(atan2f(a, b));
}

KERNEL(double_functions)
{
    AT64;
    o[0] = sin(a); o[1] = exp(a * 0.125); o[2] = log(fabs(a)); o[3] = pow(fabs(a), 0.3); o[4] = tanh(a);
}

KERNEL(fast_functions)
{
    AT;
    u32* o = out + 8 * i;
    o[0] = BITS(__sinf(a)); o[1] = BITS(__cosf(a)); o[2] = BITS(__expf(a)); o[3] = BITS(__logf(fabsf(a)));
    o[4] = BITS(__powf(fabsf(a), b)); o[5] = BITS(__fdividef(a, b)); o[6] = BITS(__exp10f(a)); o[7] = BITS(__log2f(fabsf(a)));
}
