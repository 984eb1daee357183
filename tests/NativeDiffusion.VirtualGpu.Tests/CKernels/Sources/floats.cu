// Floating point, exact: what IEEE says to the last bit.
typedef unsigned int u32;
typedef unsigned long long u64;
#define KERNEL(name) extern "C" __global__ void name(const u32* in, u32* out, int n)
#define AT int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; float a = __uint_as_float(in[i]), b = __uint_as_float(in[i + n]), c = __uint_as_float(in[i + 2 * n]); (void)a; (void)b; (void)c;
#define AT64 int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; const double* wide = (const double*)in; double a = wide[i], b = wide[i + n], c = wide[i + 2 * n]; (void)a; (void)b; (void)c; double* o;
#define BITS(x) __float_as_uint(x)

KERNEL(contraction)
{
    AT;
    out[2 * i] = BITS(a * b + c);
    out[2 * i + 1] = BITS(a * c - b);
}

KERNEL(rounded_sums)
{
    AT;
    u32* o = out + 12 * i;
    o[0] = BITS(__fadd_rn(a, b)); o[1] = BITS(__fadd_rz(a, b)); o[2] = BITS(__fadd_rd(a, b)); o[3] = BITS(__fadd_ru(a, b));
    o[4] = BITS(__fmul_rn(a, b)); o[5] = BITS(__fmul_rz(a, b)); o[6] = BITS(__fmul_rd(a, b)); o[7] = BITS(__fmul_ru(a, b));
    o[8] = BITS(__fmaf_rn(a, b, c)); o[9] = BITS(__fmaf_rz(a, b, c)); o[10] = BITS(__fmaf_rd(a, b, c)); o[11] = BITS(__fmaf_ru(a, b, c));
}

KERNEL(rounded_quotients)
{
    AT;
    u32* o = out + 12 * i;
    o[0] = BITS(__fdiv_rn(a, b)); o[1] = BITS(__fdiv_rz(a, b)); o[2] = BITS(__fdiv_rd(a, b)); o[3] = BITS(__fdiv_ru(a, b));
    o[4] = BITS(__fsqrt_rn(a)); o[5] = BITS(__fsqrt_rz(a)); o[6] = BITS(__fsqrt_rd(a)); o[7] = BITS(__fsqrt_ru(a));
    o[8] = BITS(__frcp_rn(a)); o[9] = BITS(__frcp_rz(a)); o[10] = BITS(__frcp_rd(a)); o[11] = BITS(__frcp_ru(a));
}

KERNEL(doubles)
{
    AT64;
    o = (double*)out + 8 * i;
    o[0] = __dadd_rn(a, b); o[1] = __dmul_rn(a, b); o[2] = __ddiv_rn(a, b); o[3] = __dsqrt_rn(a);
    o[4] = __fma_rn(a, b, c); o[5] = __dadd_rd(a, b); o[6] = __dmul_ru(a, b); o[7] = __drcp_rn(c);
}

KERNEL(choices)
{
    AT;
    u32* o = out + 8 * i;
    o[0] = BITS(fminf(a, b)); o[1] = BITS(fmaxf(a, b)); o[2] = BITS(fabsf(a)); o[3] = BITS(copysignf(a, b));
    o[4] = BITS(floorf(a)); o[5] = BITS(ceilf(a)); o[6] = BITS(truncf(a)); o[7] = BITS(rintf(a));
}

KERNEL(remainders)
{
    AT;
    u32* o = out + 4 * i;
    int e;
    o[0] = BITS(fmodf(a, b));
    o[1] = BITS(frexpf(c, &e));
    o[2] = (u32)e;
    o[3] = BITS(ldexpf(c, (int)(in[i] & 255) - 128));
}

KERNEL(comparisons)
{
    AT;
    u32 r = 0;
    r |= (a < b) << 0 | (a <= b) << 1 | (a > b) << 2 | (a >= b) << 3 | (a == b) << 4 | (a != b) << 5;
    r |= (!(a < b)) << 6 | (!(a >= b)) << 7 | (u32)(isnan(a) != 0) << 8 | (u32)(isinf(a) != 0) << 9 | (u32)(isfinite(b) != 0) << 10 | (u32)(signbit(a) != 0) << 11;
    r |= (u32)(a != a || b != b) << 12 | (u32)(a < b || a > b) << 13;
    double x = a, y = b;
    r |= (x < y) << 14 | (x <= y) << 15 | (x == y) << 16 | (x != y) << 17 | (!(x > y)) << 18;
    out[i] = r;
}

KERNEL(to_integers)
{
    AT;
    u32* o = out + 12 * i;
    o[0] = (u32)__float2int_rn(a); o[1] = (u32)__float2int_rz(a); o[2] = (u32)__float2int_rd(a); o[3] = (u32)__float2int_ru(a);
    o[4] = __float2uint_rn(a); o[5] = __float2uint_rz(a);
    u64 w = (u64)__float2ll_rz(b), v = __float2ull_rn(b);
    o[6] = (u32)w; o[7] = (u32)(w >> 32); o[8] = (u32)v; o[9] = (u32)(v >> 32);
    asm("{ .reg .b16 t; cvt.rzi.s16.f32 t, %1; cvt.u32.u16 %0, t; }" : "=r"(o[10]) : "f"(c));
    asm("{ .reg .b16 t; cvt.rni.u8.f32 t, %1; cvt.u32.u16 %0, t; }" : "=r"(o[11]) : "f"(c));
}

KERNEL(from_integers)
{
    AT;
    u32 x = in[i];
    u64 w = ((u64)x << 32) | in[i + n];
    u32* o = out + 14 * i;
    o[0] = BITS(__int2float_rn((int)x)); o[1] = BITS(__int2float_rz((int)x)); o[2] = BITS(__int2float_rd((int)x)); o[3] = BITS(__uint2float_ru(x));
    o[4] = BITS(__ll2float_rn((long long)w)); o[5] = BITS(__ull2float_rz(w));
    double d = __ll2double_rn((long long)w), e = __ull2double_rd(w);
    o[6] = (u32)__double2loint(d); o[7] = (u32)__double2hiint(d); o[8] = (u32)__double2loint(e); o[9] = (u32)__double2hiint(e);
    o[10] = BITS(__double2float_rn(d)); o[11] = BITS(__double2float_rd(e));
    o[12] = BITS((float)(unsigned short)x + (float)(signed char)x);
    o[13] = (u32)__double2int_rn(d * 0x1p-33) ^ __double2uint_rz(e * 0x1p-32);
}

KERNEL(halves)
{
    AT;
    u32* o = out + 6 * i;
    u32 x, y, z = in[i];
    asm("{ .reg .b16 l, h; cvt.rn.f16.f32 l, %1; cvt.rz.f16.f32 h, %2; mov.b32 %0, {l, h}; }" : "=r"(x) : "f"(a), "f"(b));
    asm("{ .reg .b16 l, h; cvt.rn.f16.f32 l, %1; cvt.rn.f16.f32 h, %2; mov.b32 %0, {l, h}; }" : "=r"(y) : "f"(b), "f"(c));
    o[0] = x;
    asm("add.rn.f16x2 %0, %1, %2;" : "=r"(o[1]) : "r"(x), "r"(y));
    asm("mul.rn.f16x2 %0, %1, %2;" : "=r"(o[2]) : "r"(x), "r"(y));
    asm("fma.rn.f16x2 %0, %1, %2, %3;" : "=r"(o[3]) : "r"(x), "r"(y), "r"(x));
    asm("{ .reg .b16 l, h; .reg .f32 f, g; mov.b32 {l, h}, %1; cvt.f32.f16 f, l; cvt.f32.f16 g, h; add.rn.f32 %0, f, g; }" : "=f"(a) : "r"(z));
    o[4] = BITS(a);
    asm("{ .reg .pred p, q; .reg .u32 r; setp.gt.f16x2 p|q, %1, %2; selp.u32 %0, 1, 0, p; selp.u32 r, 2, 0, q; or.b32 %0, %0, r; }" : "=r"(o[5]) : "r"(x), "r"(y));
}

#if __CUDA_ARCH__ >= 800
KERNEL(bfloats)
{
    AT;
    u32* o = out + 5 * i;
    u32 x, y;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(x) : "f"(a), "f"(b));
    asm("cvt.rz.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(b), "f"(c));
    o[0] = x; o[1] = y;
    asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(o[2]) : "r"(x), "r"(y), "r"(x));
    asm("max.bf16x2 %0, %1, %2;" : "=r"(o[3]) : "r"(x), "r"(y));
    asm("{ .reg .b16 l, h; mov.b32 {l, h}, %1; mov.b32 %0, {0, h}; }" : "=r"(o[4]) : "r"(y));
}
#endif

KERNEL(plain_division)
{
    AT;
    out[3 * i] = BITS(a / b);
    out[3 * i + 1] = BITS(sqrtf(a));
    out[3 * i + 2] = BITS(1.0f / c);
}
