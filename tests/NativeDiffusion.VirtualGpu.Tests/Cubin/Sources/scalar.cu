// Arithmetic of one thread: integers, halves, floats, doubles, conversions, special functions, and what is the same for a whole warp.
typedef unsigned int u32;
typedef unsigned long long u64;

extern "C" __global__ void halves(const u32* x, u32* y, int n)
{
    u32 a = x[threadIdx.x], b = x[threadIdx.x + 32], c = 0;
    for (int i = 0; i < n; i++)
    {
        asm volatile("fma.rn.f16x2 %0, %1, %2, %0;" : "+r"(c) : "r"(a), "r"(b));
        asm volatile("add.f16x2 %0, %0, %1;" : "+r"(c) : "r"(a));
        asm volatile("mul.f16x2 %0, %0, %1;" : "+r"(c) : "r"(b));
        asm volatile("{ .reg .pred p, q; setp.gt.f16x2 p|q, %0, %1; @p add.f16x2 %0, %0, %1; }" : "+r"(c) : "r"(b));
#if __CUDA_ARCH__ >= 800
        asm volatile("max.f16x2 %0, %0, %1;" : "+r"(c) : "r"(b));
        asm volatile("fma.rn.bf16x2 %0, %1, %2, %0;" : "+r"(c) : "r"(a), "r"(b));
        asm volatile("ex2.approx.f16x2 %0, %0;" : "+r"(c));
        asm volatile("tanh.approx.f16x2 %0, %0;" : "+r"(c));
        asm volatile("{ .reg .f32 f; mov.b32 f, %0; cvt.rn.bf16x2.f32 %0, f, f; }" : "+r"(c));
        asm volatile("max.bf16x2 %0, %0, %1;" : "+r"(c) : "r"(b));
#endif
        asm volatile("{ .reg .f32 f, g; .reg .b16 l, h; mov.b32 {l, h}, %0; cvt.f32.f16 f, l; cvt.f32.f16 g, h; fma.rn.f32 f, f, g, g; cvt.rn.f16.f32 l, f; mov.b32 %0, {l, h}; }" : "+r"(c));
    }
    y[threadIdx.x] = c;
}

extern "C" __global__ void integers(const int* x, int* y, int n)
{
    int a = x[0], b = x[1], c = x[2];
    for (int i = 0; i < n; i++)
    {
        asm volatile("dp4a.s32.s32 %0, %1, %2, %0;" : "+r"(c) : "r"(a), "r"(b));
        asm volatile("bfe.s32 %0, %0, %1, 7;" : "+r"(c) : "r"(a));
        asm volatile("bfi.b32 %0, %0, %1, 3, 7;" : "+r"(c) : "r"(a));
        c = min(max(c, a), b);
        c += __vadd4(a, c) + __sad(a, b, c) + abs(a - c);
        c = __byte_perm(c, a, b & 0x7777) ^ __mulhi(a, c);
        c += __ffs(c) + __brev(c) + __clz(c) + __popc(c) + __funnelshift_r(a, b, c);
        c += (a > c) ? b : i;
        long long l = (long long)a * c + y[3];
        l <<= b & 7;
        u64 z = (u64)l * (u64)l + __popcll(l) + __clzll(l) + __brevll(l) + __ffsll(l);
        c += (int)(l >> 33) + (int)(l % (b | 1)) + (int)(z >> 3);
        u32 m = c;
        asm volatile("bmsk.clamp.b32 %0, %0, 3;" : "+r"(m));
        asm volatile("szext.wrap.s32 %0, %0, 7;" : "+r"(m));
        c ^= m;
    }
    y[threadIdx.x] = c;
}

extern "C" __global__ void floats(float* x, double* d, int n)
{
    float v = x[threadIdx.x];
    for (int i = 0; i < n; i++)
    {
        v += truncf(v) + floorf(v * 3.f) + ceilf(v * 5.f) + rintf(v) + (v > 3.f ? 1.f : 0.f);
        v = fminf(fminf(fminf(v, fmaxf(x[i], x[i + 1])), x[i + 2]), x[i + 3]);
        v += __expf(v) + __logf(v) + rsqrtf(v) + __sinf(v) + tanhf(v) + 1.0f / v + sqrtf(v) + erff(v);
        double q = d[i];
        v += (float)q + (float)(long long)v + (float)(u64)v;
        q = v;
        d[i] = rint(q) + (double)(long long)q + fmax(q, d[i + 1]) * sqrt(q) + sin(q) + 1.0 / q;
        u32 a = v;
        v = a;
        v += (float)(unsigned char)a + (float)(signed char)a;
        asm volatile("set.gt.f32.f32 %0, %0, %1;" : "+f"(v) : "f"(x[3]));
        asm volatile("set.gt.u32.f32 %0, %1, %1;" : "=r"(a) : "f"(v));
        asm volatile("copysign.f32 %0, %0, %1;" : "+f"(v) : "f"(x[5]));
        v += a;
    }
    x[threadIdx.x] = v;
}

extern "C" __global__ void uniform(int* x, float* y, int a, int b, int c, float f, float g)
{
    int s = 0;
    float t = 0;
    for (int i = 0; i < a; i++)
    {
        int u = (i * b) >> 2;
        u = u > c ? u : c;
        u = min(u, i) | b;
        u ^= ~c;
        u = __byte_perm(__popc(u) + __clz(u), c, 0x3201);
        s += x[u + blockIdx.x] + (u << (c & 3)) + abs(u) + u / b;
        if (u & blockIdx.y) s += x[blockIdx.z];
        float v = fmaf(i * f + g, f, g);
        v = v > g ? v : f;
        t += y[i] * v + x[(int)v];
    }
    x[threadIdx.x] = s;
    y[threadIdx.x] = t;
#if __CUDA_ARCH__ >= 1000
    u64 p = ((u64*)y)[0], q = ((u64*)y)[1];
    asm volatile("fma.rn.f32x2 %0, %0, %1, %0;" : "+l"(p) : "l"(q));
    asm volatile("add.rn.f32x2 %0, %0, %1;" : "+l"(p) : "l"(q));
    asm volatile("mul.rn.f32x2 %0, %0, %1;" : "+l"(p) : "l"(q));
    ((u64*)y)[threadIdx.x] = p;
    float w = y[3];
    asm volatile("max.f32 %0, %0, %1, %2;" : "+f"(w) : "f"(y[4]), "f"(y[5]));
    y[6] = w;
#endif
}

// What depends on arguments alone is computed once a warp: on the newest cards by instructions of their own, floats too.
#define OF_ARGUMENTS(name, expression) \
    extern "C" __global__ void name(float* y, float a, float b, float c, int n, int m) { y[threadIdx.x] = y[threadIdx.x] * (expression); }

OF_ARGUMENTS(product, a * 1.5f)
OF_ARGUMENTS(products, a * b)
OF_ARGUMENTS(sum, a + b)
OF_ARGUMENTS(fused, fmaf(a, b, c))
OF_ARGUMENTS(choice, a > b ? b : c)
OF_ARGUMENTS(truncated, (int)a)
OF_ARGUMENTS(rounded, floorf(a))
OF_ARGUMENTS(converted, (float)(n + 1) * a)
OF_ARGUMENTS(larger, max(n, m))
OF_ARGUMENTS(quotient, n / m)
OF_ARGUMENTS(reversed, __brev(n))
OF_ARGUMENTS(lower, (unsigned char)n)
