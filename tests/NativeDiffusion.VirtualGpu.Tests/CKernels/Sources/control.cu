// Control flow: lanes that part and meet, calls of every kind, arrays that threads index.
typedef unsigned int u32;
typedef unsigned long long u64;
#define AT int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; u32 a = in[i], b = in[i + n], c = in[i + 2 * n]; (void)a; (void)b; (void)c;
#define KERNEL(name) extern "C" __global__ void name(const u32* in, u32* out, int n)

KERNEL(greatest_divisor)
{
    AT;
    a >>= 8; b = (b >> 8) | 1;
    u32 steps = 0;
    while (b != 0) { u32 t = a % b; a = b; b = t; steps++; }
    out[2 * i] = a;
    out[2 * i + 1] = steps;
}

KERNEL(collatz)
{
    AT;
    u32 x = (a & 0x3ff) + 1, longest = 0;
    int steps = 0;
    for (;;)
    {
        if (x == 1) break;
        if (x > longest) longest = x;
        if (++steps > 120) break;
        if (x & 1) { x = 3 * x + 1; continue; }
        x >>= 1;
    }
    out[2 * i] = (u32)steps;
    out[2 * i + 1] = longest;
}

KERNEL(nested_loops)
{
    AT;
    u32 sum = 0;
    for (u32 x = 0; x < (a & 7); x++)
    {
        for (u32 y = x; y < (b & 15); y++)
        {
            if (((x + y) & 3) == (c & 3)) continue;
            if (x * y > 60) break;
            for (u32 z = 0; z < ((x ^ y) & 3); z++) sum = sum * 3 + z + y;
            sum ^= x << y;
        }
        if (sum & 0x40000000) break;
    }
    out[i] = sum;
}

KERNEL(many_exits)
{
    AT;
    if ((a & 3) == 0) { out[i] = 1; return; }
    if (b % 5 == 2) { out[i] = 2; return; }
    for (int k = 0; k < 20; k++)
        if (((c >> k) & 7) == 5) { out[i] = 100 + k; return; }
    out[i] = (a > b) ? a : b;
}

KERNEL(switch_table)
{
    AT;
    u32 r;
    switch (a % 11)
    {
        case 0: r = b + c; break;
        case 1: r = b * c; break;
        case 2: r = b ^ (c << 3);
        case 3: r = b | 77; break;
        case 4: r = __popc(b); break;
        case 5: r = b / ((c & 15) + 1); break;
        case 7: r = c - b; break;
        case 8: for (r = 1; r < b && r < 5000; r *= 3) { } break;
        case 9: r = ~b; break;
        default: r = 0xdead; break;
    }
    out[i] = r;
}

__device__ __noinline__ u32 fibonacci(u32 k) { return k < 2 ? k : fibonacci(k - 1) + fibonacci(k - 2); }
__device__ __noinline__ u32 ackermann(u32 m, u32 k) { return m == 0 ? k + 1 : k == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, k - 1)); }
KERNEL(recursion)
{
    AT;
    out[2 * i] = fibonacci(a & 7);
    out[2 * i + 1] = ackermann(b & 1, c & 3);
}

typedef u32 (*Function)(u32, u32);
__device__ __noinline__ u32 plus(u32 x, u32 y) { return x + y; }
__device__ __noinline__ u32 times(u32 x, u32 y) { return x * y; }
__device__ __noinline__ u32 turned(u32 x, u32 y) { return __funnelshift_l(x, x, y); }
__device__ __noinline__ u32 looped(u32 x, u32 y) { u32 r = 0; for (u32 k = 0; k < (y & 7); k++) r = r * 31 + x; return r; }
__device__ Function functions[4] = { plus, times, turned, looped };
KERNEL(function_pointers)
{
    AT;
    Function f = functions[a & 3];
    out[i] = f(b, c) + functions[(a >> 2) & 3](c, b);
}

struct Shape { u32 kind; float size; u64 tag; short parts[8]; };
__device__ __noinline__ Shape grow(Shape s, u32 by)
{
    s.kind ^= by;
    s.size = s.size * 2 + 1;
    s.tag += (u64)by << 33;
    for (int k = 0; k < 8; k++) s.parts[k] = (short)(s.parts[k] + by + k);
    return s;
}
KERNEL(structures_by_value)
{
    AT;
    Shape s;
    s.kind = a; s.size = (float)(b & 0xff); s.tag = c;
    for (int k = 0; k < 8; k++) s.parts[k] = (short)(a >> k);
    for (u32 k = 0; k < (c & 3) + 1; k++) s = grow(s, b + k);
    u32 sum = 0;
    for (int k = 0; k < 8; k++) sum = sum * 7 + (unsigned short)s.parts[k];
    out[5 * i] = s.kind;
    out[5 * i + 1] = __float_as_uint(s.size);
    out[5 * i + 2] = (u32)s.tag;
    out[5 * i + 3] = (u32)(s.tag >> 32);
    out[5 * i + 4] = sum;
}

template <int N> struct Power { static __device__ u32 Of(u32 x) { return x * Power<N - 1>::Of(x); } };
template <> struct Power<0> { static __device__ u32 Of(u32) { return 1; } };
template <typename T, int N> __device__ T fold(const T* x) { T sum = 0; for (int k = 0; k < N; k++) sum = sum * 5 + x[k]; return sum; }
KERNEL(templates)
{
    AT;
    u32 words[3] = { a, b, c };
    u64 longs[2] = { ((u64)a << 20) + b, c };
    u64 sum = fold<u64, 2>(longs);
    out[4 * i] = Power<5>::Of(a);
    out[4 * i + 1] = fold<u32, 3>(words);
    out[4 * i + 2] = (u32)sum;
    out[4 * i + 3] = (u32)(sum >> 32);
}

KERNEL(local_sort)
{
    AT;
    u32 x[12];
    for (int k = 0; k < 12; k++) x[k] = (a * (k + 1)) ^ (b >> k);
    for (int k = 1; k < 12; k++)
    {
        u32 v = x[k];
        int j = k - 1;
        for (; j >= 0 && x[j] > v; j--) x[j + 1] = x[j];
        x[j + 1] = v;
    }
    out[3 * i] = x[c % 12];
    out[3 * i + 1] = x[0] ^ x[11];
    u32 sum = 0;
    for (int k = 0; k < 12; k++) sum = sum * 17 + x[k];
    out[3 * i + 2] = sum;
}

KERNEL(local_matrix)
{
    AT;
    unsigned char m[8][8];
    double d[4];
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) m[y][x] = (unsigned char)(a + y * b + x * c);
    for (int k = 0; k < 4; k++) d[k] = (double)(int)(a + k);
    for (int k = 0; k < 8; k++) { unsigned char t = m[k][b & 7]; m[k][b & 7] = m[c & 7][k]; m[c & 7][k] = t; }
    d[a & 3] += 0.5;
    u32 sum = 0;
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) sum = sum * 3 + m[(y + a) & 7][x];
    out[2 * i] = sum;
    out[2 * i + 1] = (u32)(int)(2 * (d[0] + d[1] + d[2] + d[3]));
}

KERNEL(assembly_labels)
{
    AT;
    u32 r;
    asm volatile(
        "{\n .reg .pred p, q;\n .reg .u32 k;\n mov.u32 k, 0;\n mov.u32 %0, %1;\n"
        "AGAIN_%=:\n setp.ge.u32 p, k, %2;\n @p bra DONE_%=;\n and.b32 %0, %0, 0xffffff;\n mad.lo.u32 %0, %0, 3, k;\n add.u32 k, k, 1;\n"
        " setp.gt.u32 q|p, %0, 0x800000;\n @q bra DONE_%=;\n @p xor.b32 %0, %0, 1;\n bra AGAIN_%=;\nDONE_%=:\n}"
        : "=&r"(r) : "r"(a), "r"(b & 31));
    u32 s;
    asm("{ .reg .pred p; setp.lt.and.s32 p, %1, %2, 1; selp.u32 %0, 5, 9, p; @p add.u32 %0, %0, %1; @!p sub.u32 %0, %0, %2; }" : "=&r"(s) : "r"(b), "r"(c));
    out[2 * i] = r;
    out[2 * i + 1] = s;
}

KERNEL(assumptions)
{
    AT;
    u32 x = a & 15;
    __builtin_assume(x < 16);
    __builtin_assume(((size_t)in & 3) == 0);
    if (__builtin_expect(x == 3, 0)) out[i] = b;
    else if (x > 15) __builtin_unreachable();
    else out[i] = x / 4 + c;
}

union Word { u32 word; unsigned char bytes[4]; float number; unsigned short halves[2]; };
KERNEL(unions)
{
    AT;
    Word w;
    w.word = a;
    w.bytes[b & 3] ^= 0x5a;
    w.halves[c & 1] += 7;
    unsigned char t = w.bytes[0]; w.bytes[0] = w.bytes[3]; w.bytes[3] = t;
    out[2 * i] = w.word;
    w.number = 1.5f * (float)(a & 0xff);
    out[2 * i + 1] = w.halves[1] + 3 * w.bytes[2];
}
