// Arithmetic of one thread on integers: three words in, a few out.
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;
#define AT int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; u32 a = in[i], b = in[i + n], c = in[i + 2 * n]; (void)a; (void)b; (void)c;
#define KERNEL(name) extern "C" __global__ void name(const u32* in, u32* out, int n)
__device__ __forceinline__ void put64(u32* out, u64 v) { out[0] = (u32)v; out[1] = (u32)(v >> 32); }

KERNEL(arithmetic32)
{
    AT;
    u32* o = out + 8 * i;
    o[0] = a + b - c;
    o[1] = a * b + c;
    o[2] = (u32)((int)a / (int)((b & 0x7fffffff) | 1));
    o[3] = a / (b | 1);
    o[4] = (u32)((int)a % (int)((b & 0x7fff) | 1));
    o[5] = a % ((b >> 7) | 1);
    o[6] = -a ^ ~b;
    o[7] = (a > b) + 2 * ((int)a > (int)b) + 4 * (a == c) + 8 * ((int)b <= (int)c);
}

KERNEL(constant_divisors)
{
    AT;
    u32* o = out + 8 * i;
    o[0] = a / 7;
    o[1] = (u32)((int)a / -13);
    o[2] = a % 1000;
    o[3] = (u32)((int)a % 10);
    u64 w = ((u64)a << 32) | b;
    put64(o + 4, w / 1000000007ull);
    put64(o + 6, (u64)((s64)w % 86400));
}

KERNEL(arithmetic64)
{
    AT;
    u32* o = out + 12 * i;
    u64 p = ((u64)a << 32) | b, q = ((u64)c << 9) | 5;
    put64(o, p / q);
    put64(o + 2, p % q);
    put64(o + 4, (u64)((s64)p / (s64)q));
    put64(o + 6, (u64)((s64)p % -(s64)q));
    put64(o + 8, p * q - (p ^ q));
    put64(o + 10, (u64)((s64)(p << (c & 63)) >> (b & 63)) + (p >> (a & 63)));
}

KERNEL(high_products)
{
    AT;
    u32* o = out + 10 * i;
    u64 p = ((u64)a << 32) | b, q = ((u64)c << 32) | a;
    o[0] = __umulhi(a, b);
    o[1] = (u32)__mulhi((int)a, (int)b);
    put64(o + 2, __umul64hi(p, q));
    put64(o + 4, (u64)__mul64hi((s64)p, (s64)q));
    o[6] = (u32)__mul24((int)a, (int)b);
    o[7] = __umul24(a, b);
    o[8] = __sad((int)a, (int)b, c);
    o[9] = __usad(a, b, c) + __rhadd((int)a, (int)b) + __uhadd(a, b);
}

KERNEL(wide128)
{
    AT;
    u32* o = out + 6 * i;
    unsigned __int128 p = ((unsigned __int128)(((u64)a << 32) | b) << 64) | (((u64)c << 32) | ~a);
    unsigned __int128 q = ((unsigned __int128)b << 40) | c | 1;
    unsigned __int128 r = p * q + (p - q);
    put64(o, (u64)r);
    put64(o + 2, (u64)(r >> 64));
    r = (p << (a & 127)) ^ (p >> (b & 127)) ^ (unsigned __int128)((__int128)p >> (c & 127));
    put64(o + 4, (u64)(r >> 64) ^ (u64)r);
}

KERNEL(wide_division)
{
    AT;
    u32* o = out + 8 * i;
    unsigned __int128 p = ((unsigned __int128)(((u64)a << 32) | b) << 64) | (((u64)c << 32) | ~a);
    unsigned __int128 q = ((unsigned __int128)b << 40) | c | 1, r = p / q;
    put64(o, (u64)r);
    put64(o + 2, (u64)(r >> 64));
    r = p % q;
    put64(o + 4, (u64)r);
    put64(o + 6, (u64)((__int128)p / (__int128)q));
}

KERNEL(bit_counts)
{
    AT;
    u32* o = out + 8 * i;
    u64 p = ((u64)(a & 0xffff) << 32) | b;
    o[0] = __popc(a) | (__clz(b >> (a & 31)) << 8) | (__ffs(c << (a & 31)) << 16);
    o[1] = __brev(a);
    o[2] = __popcll(p) | (__clzll(p) << 8) | (__ffsll(p << 31) << 16);
    put64(o + 3, __brevll(p));
    asm("bfind.u32 %0, %1;" : "=r"(o[5]) : "r"(a >> (b & 31)));
    asm("bfind.s32 %0, %1;" : "=r"(o[6]) : "r"((int)a >> (b & 31)));
    asm("bfind.shiftamt.u64 %0, %1;" : "=r"(o[7]) : "l"(p >> (c & 31)));
}

KERNEL(bit_fields)
{
    AT;
    u32* o = out + 6 * i;
    u32 from = b & 31, length = c & 31;
    asm("bfe.u32 %0, %1, %2, %3;" : "=r"(o[0]) : "r"(a), "r"(from), "r"(length));
    asm("bfe.s32 %0, %1, %2, %3;" : "=r"(o[1]) : "r"(a), "r"(from), "r"(length));
    asm("bfi.b32 %0, %1, %2, %3, %4;" : "=r"(o[2]) : "r"(a), "r"(b), "r"(from), "r"(length));
    u64 p = ((u64)a << 32) | b, r;
    asm("bfe.u64 %0, %1, %2, %3;" : "=l"(r) : "l"(p), "r"(from), "r"(length));
    o[3] = (u32)r ^ (u32)(r >> 32);
    struct { u32 x : 5; int y : 11; u32 z : 16; } f = { 0, 0, 0 };
    f.x = a; f.y = (int)b; f.z = c;
    o[4] = f.x + (u32)f.y + f.z;
    o[5] = __fns(a | 0x80000000, 0, (b & 7) + 1);
}

KERNEL(permutations)
{
    AT;
    u32* o = out + 8 * i;
    o[0] = __byte_perm(a, b, c & 0x7777);
    o[1] = __byte_perm(a, b, 0x5410);
    o[2] = __funnelshift_l(a, b, c);
    o[3] = __funnelshift_r(a, b, c);
    o[4] = __funnelshift_lc(a, b, c & 63);
    o[5] = __funnelshift_rc(a, b, c & 63);
    asm("prmt.b32 %0, %1, %2, %3;" : "=r"(o[6]) : "r"(a), "r"(b), "r"(c));
    asm("prmt.b32.rc16 %0, %1, %2, %3;" : "=r"(o[7]) : "r"(a), "r"(b), "r"(c));
}

KERNEL(logic3)
{
    AT;
    u32* o = out + 5 * i;
    o[0] = (a & b) ^ (~c | a);
    o[1] = (a & b) | (b & c) | (a & c);
    asm("lop3.b32 %0, %1, %2, %3, 0x96;" : "=r"(o[2]) : "r"(a), "r"(b), "r"(c));
    asm("lop3.b32 %0, %1, %2, %3, 0x1d;" : "=r"(o[3]) : "r"(a), "r"(b), "r"(c));
    o[4] = (a ^ (b >> 3)) & ~(c << 5);
}

#ifndef __CUDACC_DEBUG__
// The debuggers' code of it is more than one of the compilers can do.
KERNEL(dot_products)
{
    AT;
    u32* o = out + 6 * i;
    asm("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(o[0]) : "r"(a), "r"(b), "r"(c));
    asm("dp4a.u32.u32 %0, %1, %2, %3;" : "=r"(o[1]) : "r"(a), "r"(b), "r"(c));
    asm("dp2a.lo.s32.s32 %0, %1, %2, %3;" : "=r"(o[2]) : "r"(a), "r"(b), "r"(c));
    asm("dp2a.hi.u32.u32 %0, %1, %2, %3;" : "=r"(o[3]) : "r"(a), "r"(b), "r"(c));
    o[4] = __vadd4(a, b);
    o[5] = __vmaxs2(a, b) ^ __vabsdiffu4(a, c) ^ __vsub2(b, c);
}
#endif

KERNEL(narrow_types)
{
    AT;
    u32* o = out + 6 * i;
    unsigned char x = (unsigned char)(a + b);
    signed char y = (signed char)(a * c);
    unsigned short z = (unsigned short)(a + (b >> 3));
    short w = (short)(b * c);
    x = x << 3; y = y >> 1; z = z * z; w = w / 3;
    o[0] = x;
    o[1] = (u32)y;
    o[2] = z;
    o[3] = (u32)w;
    o[4] = (u32)(short)(x * y) + (u32)(unsigned char)(z % 7) + (u32)(w % 5);
    o[5] = (u32)((x < z) | ((y < w) << 1)) + (u32)max((int)y, (int)w) + min((u32)x, (u32)z);
}

KERNEL(carry_chain)
{
    AT;
    u32* o = out + 9 * i;
    asm("add.cc.u32 %0, %3, %4; addc.cc.u32 %1, %4, %5; addc.u32 %2, %5, %3;" : "=&r"(o[0]), "=&r"(o[1]), "=&r"(o[2]) : "r"(a), "r"(b), "r"(c));
    asm("sub.cc.u32 %0, %3, %4; subc.cc.u32 %1, %4, %5; subc.u32 %2, %5, %3;" : "=&r"(o[3]), "=&r"(o[4]), "=&r"(o[5]) : "r"(a), "r"(b), "r"(c));
    asm("mad.lo.cc.u32 %0, %3, %4, %5; madc.hi.cc.u32 %1, %3, %4, %5; addc.u32 %2, 0, 0;" : "=&r"(o[6]), "=&r"(o[7]), "=&r"(o[8]) : "r"(a), "r"(b), "r"(c));
}

KERNEL(saturation)
{
    AT;
    u32* o = out + 6 * i;
    asm("add.sat.s32 %0, %1, %2;" : "=r"(o[0]) : "r"(a), "r"(b));
    asm("sub.sat.s32 %0, %1, %2;" : "=r"(o[1]) : "r"(a), "r"(b));
    asm("{ .reg .b16 t; cvt.sat.s8.s32 t, %1; cvt.s32.s8 %0, t; }" : "=r"(o[2]) : "r"((int)a >> (b & 31)));
    asm("{ .reg .b16 t; cvt.sat.u16.s32 t, %1; cvt.u32.u16 %0, t; }" : "=r"(o[3]) : "r"((int)a >> (b & 31)));
    asm("cvt.sat.u32.s64 %0, %1;" : "=r"(o[4]) : "l"((s64)(((u64)a << 32) | b) >> (c & 63)));
    o[5] = (u32)(abs((int)(a | 1)) ^ max((int)a, (int)b)) ^ min(a, c) ^ (u32)(llabs(((s64)a << 20) - b) >> 3);
}

KERNEL(mixing)
{
    AT;
    u32 x = a, y = b;
#pragma unroll
    for (int k = 0; k < 10; k++)
    {
        u64 p = (u64)x * 0xD2511F53u;
        x = (u32)(p >> 32) ^ y ^ c;
        y = (u32)p;
        c += 0x9E3779B9u;
    }
    out[2 * i] = x;
    out[2 * i + 1] = (y << 13 | y >> 19) ^ (x >> (c & 7));
}
