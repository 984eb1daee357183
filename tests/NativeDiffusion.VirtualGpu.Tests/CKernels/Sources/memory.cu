// Memory of every kind, in every width, and what a module brings along.
typedef unsigned int u32;
typedef unsigned long long u64;
#define AT int i = blockIdx.x * blockDim.x + threadIdx.x; if (i >= n) return; u32 a = in[i], b = in[i + n], c = in[i + 2 * n]; (void)a; (void)b; (void)c;
#define KERNEL(name) extern "C" __global__ void name(const u32* in, u32* out, int n)

struct __align__(16) Settings { char sign; double scale; int table[21]; short last; float4 four; };
extern "C" __global__ void structure_parameter(const u32* in, u32* out, int n, Settings s)
{
    AT;
    out[3 * i] = a + (u32)s.table[b % 21] + (u32)s.sign;
    out[3 * i + 1] = (u32)(int)(s.scale * (double)(c & 0xffff)) + (u32)s.last;
    out[3 * i + 2] = __float_as_uint((&s.four.x)[a & 3]);
}

__constant__ u32 primes[8] = { 2, 3, 5, 7, 11, 13, 17, 19 };
__constant__ struct { float x; unsigned char y; u64 z; } mixed[2] = { { 1.5f, 7, 0x123456789abcdefull }, { -2.25f, 255, 99 } };
KERNEL(constant_tables)
{
    AT;
    out[4 * i] = primes[a & 7] * primes[3];
    out[4 * i + 1] = __float_as_uint(mixed[b & 1].x);
    out[4 * i + 2] = mixed[b & 1].y + (u32)(mixed[c & 1].z >> 32);
    out[4 * i + 3] = (u32)mixed[c & 1].z;
}

__device__ int numbers[5] = { 10, -20, 30, -40, 50 };
__device__ int* middle = &numbers[2];
__device__ int** behind = &middle;
__device__ const char text[] = "virtual";
__device__ const char* words[3] = { "one", "three", text };
__device__ double real = 0.1;
struct Node { int value; Node* next; };
__device__ Node third = { 3, nullptr };
__device__ Node second = { 2, &third };
__device__ Node first = { 1, &second };
__device__ __constant__ const int* const fixed = &numbers[1];
KERNEL(global_variables)
{
    AT;
    const char* w = words[a % 3];
    int length = 0;
    while (w[length]) length++;
    Node* node = &first;
    for (u32 k = 0; k < b % 3; k++) node = node->next;
    out[5 * i] = (u32)numbers[a % 5];
    out[5 * i + 1] = (u32)((*behind)[(int)(c % 5) - 2] + *fixed);
    out[5 * i + 2] = (u32)(length * 256 + w[b % (length + 1)]);
    out[5 * i + 3] = (u32)node->value + (u32)(real * 1000);
    out[5 * i + 4] = (u32)(middle - numbers);
}

KERNEL(vectors)
{
    AT;
    float4 x = ((const float4*)in)[i & 31];
    ulonglong2 y = ((const ulonglong2*)in)[(i + 3) & 31];
    uchar4 z = ((const uchar4*)in)[i];
    short2 w = ((const short2*)in)[i + n];
    uint4 r;
    r.x = __float_as_uint(x.x) ^ __float_as_uint(x.w);
    r.y = (u32)y.x ^ (u32)(y.y >> 32);
    r.z = z.x + 3 * z.y + 5 * z.z + 7 * z.w;
    r.w = (u32)(w.x * w.y);
    ((uint4*)out)[i] = r;
}

KERNEL(copied_bytes)
{
    AT;
    const unsigned char* from = (const unsigned char*)in + 4 * i + 1;
    unsigned char* to = (unsigned char*)out + 16 * i + 3;
    for (u32 k = 0; k < (a % 13); k++) to[k] = from[k];
    struct Block { u32 x[3]; unsigned char tail; } s, t;
    memset(&s, (int)(b & 255), sizeof s);
    s.x[c % 3] = a;
    memcpy(&t, &s, sizeof t);
    out[4 * n + i] = t.x[0] + 2 * t.x[1] + 3 * t.x[2] + t.tail;
}

KERNEL(volatile_and_readonly)
{
    AT;
    volatile u32* v = out + 2 * i;
    *v = a;
    *v = *v + b;
    out[2 * i + 1] = __ldg(in + (i ^ 1)) + __ldg((const unsigned char*)in + 4 * i + 2) + (u32)__ldg((const short*)(in + i));
}

KERNEL(address_spaces)
{
    __shared__ u32 tile[128];
    u32 mine[4];
    AT;
    tile[threadIdx.x] = a;
    for (int k = 0; k < 4; k++) mine[k] = b + k;
    // Which of three memories is known only when it runs.
    u32* p = (c % 3 == 0) ? tile + threadIdx.x : (c % 3 == 1) ? mine + (a & 3) : out + 2 * i + 1;
    *p += 5;
    u32 isShared, isLocal;
    asm("{ .reg .pred p; isspacep.shared p, %1; selp.u32 %0, 1, 0, p; }" : "=r"(isShared) : "l"(p));
    asm("{ .reg .pred p; isspacep.local p, %1; selp.u32 %0, 2, 0, p; }" : "=r"(isLocal) : "l"(p));
    out[2 * i] = *p + 1000 * (isShared + isLocal) + tile[threadIdx.x] + mine[a & 3];
}

KERNEL(cache_words)
{
    AT;
    u32 x, y, z;
    u64 policy;
    const u32* p = in + i;
    u32* q = out + 3 * i;
    asm volatile("prefetch.global.L2 [%0];" : : "l"(p));
    asm volatile("ld.global.cg.u32 %0, [%1];" : "=r"(x) : "l"(p));
    asm volatile("ld.global.nc.L1::no_allocate.u32 %0, [%1];" : "=r"(y) : "l"(p + n));
    asm volatile("ld.relaxed.gpu.global.u32 %0, [%1];" : "=r"(z) : "l"(p + 2 * n));
    asm volatile("st.global.cs.u32 [%0], %1;" : : "l"(q), "r"(x) : "memory");
    asm volatile("st.release.cta.global.u32 [%0], %1;" : : "l"(q + 1), "r"(y) : "memory");
    policy = 0;
#if __CUDA_ARCH__ >= 800
    asm volatile("createpolicy.fractional.L2::evict_last.b64 %0, 1.0;" : "=l"(policy));
    asm volatile("st.global.L2::cache_hint.u32 [%0], %1, %2;" : : "l"(q + 2), "r"(z), "l"(policy) : "memory");
#else
    asm volatile("st.global.u32 [%0], %1;" : : "l"(q + 2), "r"(z + (u32)policy) : "memory");
#endif
    asm volatile("fence.acq_rel.cta;" : : : "memory");
    asm volatile("ld.acquire.cta.global.u32 %0, [%1];" : "=r"(x) : "l"(q) : "memory");
    asm volatile("discard.global.L2 [%0], 128;" : : "l"(0ull) : "memory");
    q[0] = x + 1;
}

KERNEL(dimensions)
{
    u32 block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
    u32 thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    u32 i = block * blockDim.x * blockDim.y * blockDim.z + thread;
    u32 lane, warp, below;
    asm volatile("mov.u32 %0, %%laneid;" : "=r"(lane));
    asm volatile("mov.u32 %0, %%warpid;" : "=r"(warp));
    asm volatile("mov.u32 %0, %%lanemask_lt;" : "=r"(below));
    out[3 * i] = in[i] + blockIdx.z * 100 + threadIdx.y * 10 + threadIdx.z;
    out[3 * i + 1] = lane + 64 * warp;
    out[3 * i + 2] = below;
}

KERNEL(stack_memory)
{
    AT;
    u32 count = (a & 7) + 1;
    u32* x;
    u64 top;
    asm volatile("stacksave.u64 %0;" : "=l"(top));
    asm volatile("{ .reg .u64 p; alloca.u64 p, %1, 16; cvta.local.u64 %0, p; }" : "=l"(x) : "l"((u64)count * 4));
    for (u32 k = 0; k < count; k++) x[k] = b * k + c;
    u32 sum = 0;
    for (u32 k = count; k-- > 0;) sum = sum * 3 + x[k];
    asm volatile("stackrestore.u64 %0;" : : "l"(top));
    out[i] = sum;
}
