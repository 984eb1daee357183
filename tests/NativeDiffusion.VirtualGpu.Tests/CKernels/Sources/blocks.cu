// Threads together: shared memory, barriers, warps, atomics.
typedef unsigned int u32;
typedef unsigned long long u64;
#define ALL 0xffffffffu
#define KERNEL(name) extern "C" __global__ void name(const u32* in, u32* out, int n)
#define AT int t = threadIdx.x, i = blockIdx.x * blockDim.x + t; (void)t; (void)i;

KERNEL(reversal)
{
    __shared__ u32 tile[128];
    AT;
    tile[t] = in[i];
    __syncthreads();
    out[i] = tile[127 - t];
}

extern __shared__ u32 scratch[];
KERNEL(block_sum)
{
    AT;
    scratch[t] = in[i];
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half >>= 1)
    {
        if (t < half) scratch[t] += scratch[t + half];
        __syncthreads();
    }
    if (t == 0) out[blockIdx.x] = scratch[0];
}

KERNEL(scan)
{
    AT;
    u32* a = scratch; u32* b = scratch + 128;
    a[t] = in[i];
    __syncthreads();
    for (int step = 1; step < 128; step *= 2)
    {
        b[t] = t >= step ? a[t] + a[t - step] : a[t];
        __syncthreads();
        u32* swap = a; a = b; b = swap;
    }
    out[i] = a[t];
}

KERNEL(histogram)
{
    __shared__ u32 bins[16];
    AT;
    if (t < 16) bins[t] = 0;
    __syncthreads();
    atomicAdd(&bins[in[i] & 15], 1u);
    __syncthreads();
    if (t < 16) atomicAdd(&out[t], bins[t]);
}

KERNEL(transposition)
{
    __shared__ u32 tile[16][17];
    int x = threadIdx.x, y = threadIdx.y, base = blockIdx.x * 256;
    for (int k = 0; k < 16; k += 8) tile[y + k][x] = in[base + (y + k) * 16 + x];
    __syncthreads();
    for (int k = 0; k < 16; k += 8) out[base + (y + k) * 16 + x] = tile[x][y + k];
}

KERNEL(bitonic_sort)
{
    __shared__ u32 v[128];
    AT;
    v[t] = in[i];
    for (int size = 2; size <= 128; size *= 2)
        for (int step = size / 2; step > 0; step /= 2)
        {
            __syncthreads();
            int other = t ^ step;
            if (other > t && (v[t] > v[other]) == ((t & size) == 0)) { u32 x = v[t]; v[t] = v[other]; v[other] = x; }
        }
    __syncthreads();
    out[i] = v[t];
}

KERNEL(matrix_product)
{
    __shared__ int a[8][8], b[8][9];
    int x = threadIdx.x, y = threadIdx.y, sum = 0;
    for (int k = 0; k < 32; k += 8)
    {
        a[y][x] = (int)(in[y * 32 + k + x] & 255) - 128;
        b[y][x] = (int)(in[256 + (k + y) * 8 + x] & 255) - 128;
        __syncthreads();
#pragma unroll
        for (int j = 0; j < 8; j++) sum += a[y][j] * b[j][x];
        __syncthreads();
    }
    out[y * 8 + x] = (u32)sum;
}

KERNEL(counted_barriers)
{
    AT;
    u32 x = in[i];
    u32 odd = (u32)__syncthreads_count((int)(x & 1));
    u32 any = (u32)__syncthreads_or(x == in[blockIdx.x * 128]), all = (u32)__syncthreads_and(x % 97 != 1000);
    out[i] = odd + 1000 * (any != 0) + 2000 * (all != 0);
}

KERNEL(named_barriers)
{
    __shared__ u32 ring[64];
    AT;
    // Two warps make, two take, by barriers of their own.
    for (int k = 0; k < 3; k++)
    {
        if (t < 64)
        {
            asm volatile("bar.sync 2, 128;" : : : "memory");
            ring[t] = in[i] + k;
            asm volatile("bar.arrive 1, 128;" : : : "memory");
        }
        else
        {
            asm volatile("bar.arrive 2, 128;" : : : "memory");
            asm volatile("bar.sync 1, 128;" : : : "memory");
            out[k * n + i] = ring[127 - t];
        }
    }
}

KERNEL(global_atomics)
{
    AT;
    u32 x = in[i];
    atomicAdd(&out[0], x); atomicSub(&out[1], x); atomicMin(&out[2], x | 1); atomicMax(&out[3], x);
    atomicMin((int*)&out[4], (int)x); atomicMax((int*)&out[5], (int)x);
    atomicAnd(&out[6], x | 0xff); atomicOr(&out[7], x & 0xff00ff); atomicXor(&out[8], x);
    atomicInc(&out[9], 99); atomicDec(&out[10], 30);
    atomicAdd((u64*)&out[12], ((u64)x << 8) | 1); atomicMax((u64*)&out[14], (u64)x << 5); atomicMin((long long*)&out[16], (long long)(int)x * 7); atomicXor((u64*)&out[18], (u64)x << 17);
}

KERNEL(shared_atomics)
{
    __shared__ u32 s[12];
    __shared__ u64 w[3];
    AT;
    if (t < 12) s[t] = t == 2 || t == 6 ? ALL : 0;
    if (t < 3) w[t] = 0;
    __syncthreads();
    u32 x = in[i];
    atomicAdd(&s[0], x); atomicSub(&s[1], x); atomicMin(&s[2], x); atomicMax(&s[3], x);
    atomicMin((int*)&s[4], (int)x); atomicMax((int*)&s[5], (int)x); atomicAnd(&s[6], x | 0xff); atomicOr(&s[7], x & 0xff00ff); atomicXor(&s[8], x);
    atomicInc(&s[9], 50); atomicDec(&s[10], 20); atomicExch(&s[11], 7);
    atomicAdd(&w[0], (u64)x << 9); atomicXor(&w[1], (u64)x << 30); atomicMax(&w[2], (u64)x << 3);
    __syncthreads();
    if (t < 12) out[blockIdx.x * 18 + t] = s[t];
    if (t < 6) out[blockIdx.x * 18 + 12 + t] = ((u32*)w)[t];
}

KERNEL(float_atomics)
{
    __shared__ float s;
    __shared__ double d;
    AT;
    if (t == 0) { s = 0; d = 0; }
    __syncthreads();
    int x = (int)(in[i] & 1023) - 512;
    atomicAdd(&s, (float)x);
    atomicAdd(&d, (double)x * 0.5);
    atomicAdd((float*)out, (float)x);
    atomicAdd((double*)(out + 2), (double)x * 0.25);
    asm volatile("{ .reg .b16 l; .reg .b32 p, r; cvt.rn.f16.s32 l, %1; mov.b32 p, {l, l}; atom.global.add.noftz.f16x2 r, [%0], p; red.global.add.noftz.f16 [%2], l; }" : : "l"(out + 4), "r"(x >> 8), "l"((char*)(out + 5) + 2) : "memory");
    __syncthreads();
    if (t == 0) { out[8 + blockIdx.x * 4] = __float_as_uint(s); ((double*)(out + 10))[blockIdx.x * 2] = d; }
}

KERNEL(swap_loops)
{
    AT;
    // The largest float and a saturating counter, by compare and swap.
    float x = __uint_as_float(in[i] & 0x7f7fffff);
    u32 old = *(volatile u32*)out;
    while (__uint_as_float(old) < x)
    {
        u32 seen = atomicCAS(&out[0], old, __float_as_uint(x));
        if (seen == old) break;
        old = seen;
    }
    u64* wide = (u64*)(out + 2);
    u64 before = *(volatile u64*)wide, was;
    for (;;)
    {
        was = atomicCAS(wide, before, before + 3 < 500 ? before + 3 : 500);
        if (was == before) break;
        before = was;
    }
    // Everyone's ticket is someone's: their sum is known.
    atomicAdd(&out[5], atomicAdd(&out[4], 1u));
    atomicAdd(&out[7], atomicInc(&out[6], 255u));
}

__device__ int locked;
__device__ volatile u32 guarded[2];
KERNEL(spin_lock)
{
    AT;
    bool isDone = false;
    while (!isDone)
    {
        if (atomicCAS(&locked, 0, 1) == 0)
        {
            __threadfence();
            guarded[0] = guarded[0] + 1;
            guarded[1] = guarded[1] + in[i];
            __threadfence();
            atomicExch(&locked, 0);
            isDone = true;
        }
    }
    __syncthreads();
    if (t == 0)
    {
        __threadfence();
        if (atomicAdd(&out[0], 1u) == gridDim.x - 1) { __threadfence(); out[1] = guarded[0]; out[2] = guarded[1]; }
    }
}

KERNEL(last_block)
{
    __shared__ bool isLast;
    __shared__ u32 sum;
    AT;
    if (t == 0) sum = 0;
    __syncthreads();
    atomicAdd(&sum, in[i]);
    __syncthreads();
    if (t == 0)
    {
        out[1 + blockIdx.x] = sum;
        __threadfence();
        isLast = atomicAdd(&out[0], 1u) == gridDim.x - 1;
    }
    __syncthreads();
    if (isLast && t == 0)
    {
        __threadfence();
        u32 total = 0;
        for (u32 b = 0; b < gridDim.x; b++) total += ((volatile u32*)out)[1 + b];
        out[8] = total;
    }
}

KERNEL(shuffles)
{
    AT;
    u32 x = in[i];
    u64 w = ((u64)x << 32) | i;
    u32* o = out + 8 * i;
    o[0] = __shfl_sync(ALL, x, (int)(x & 31));
    o[1] = __shfl_up_sync(ALL, x, 3);
    o[2] = __shfl_down_sync(ALL, x, 5, 16);
    o[3] = __shfl_xor_sync(ALL, x, 9);
    o[4] = __shfl_sync(ALL, x, t + 1, 8);
    o[5] = (u32)(__shfl_xor_sync(ALL, w, 1) >> 16);
    o[6] = __float_as_uint(__shfl_down_sync(ALL, (float)(x & 0xffff), 1));
    u32 y;
    asm volatile("{ .reg .pred p; shfl.sync.up.b32 %0|p, %1, 4, 0, -1; @!p mov.u32 %0, 77; }" : "=r"(y) : "r"(x));
    o[7] = y;
}

KERNEL(votes)
{
    AT;
    u32 x = in[i];
    u32* o = out + 6 * i;
    o[0] = __ballot_sync(ALL, x & 1);
    o[1] = (u32)((__any_sync(ALL, (x & 31) == 3) != 0) + 2 * (__all_sync(ALL, x != 5) != 0));
    u32 u;
    asm volatile("{ .reg .pred p, q; setp.ne.u32 q, %1, 0; vote.sync.uni.pred p, !q, 0xffffffff; selp.u32 %0, 1, 0, p; }" : "=r"(u) : "r"(x & 0));
    o[2] = u;
    o[3] = __match_any_sync(ALL, x & 3);
    int isAll;
    o[4] = __match_all_sync(ALL, x >> 31, &isAll) ^ ((u32)(isAll != 0) << 8);
    o[5] = __match_any_sync(ALL, (u64)(x & 1) << 40);
}

#if __CUDA_ARCH__ >= 800
KERNEL(warp_reductions)
{
    AT;
    u32 x = in[i];
    u32* o = out + 8 * i;
    o[0] = __reduce_add_sync(ALL, x); o[1] = __reduce_min_sync(ALL, x); o[2] = __reduce_max_sync(ALL, x);
    o[3] = (u32)__reduce_min_sync(ALL, (int)x); o[4] = (u32)__reduce_max_sync(ALL, (int)x);
    o[5] = __reduce_and_sync(ALL, x | 1); o[6] = __reduce_or_sync(ALL, x & 0xf0f0); o[7] = __reduce_xor_sync(ALL, x);
}
#endif

KERNEL(half_warps)
{
    AT;
    // Lanes part, and each half works on with its own mask.
    u32 x = in[i], r;
    if (t & 1)
    {
        r = x;
        for (int step = 16; step > 1; step /= 2) r += __shfl_xor_sync(0xaaaaaaaau, r, step);
    }
    else
    {
        r = __ballot_sync(0x55555555u, x & 2);
        if (__any_sync(0x55555555u, x > 0xf0000000u)) r ^= 0x80000000u;
    }
    __syncwarp();
    out[2 * i] = r;
    out[2 * i + 1] = __ballot_sync(ALL, (__activemask() >> (t & 31)) & 1);
}

KERNEL(warp_exchange)
{
    __shared__ u32 s[128];
    AT;
    u32 x = in[i];
    for (int step = 1; step < 32; step *= 2)
    {
        s[t] = x;
        __syncwarp();
        u32 y = s[t ^ step];
        __syncwarp();
        x = (t & step) ? x ^ y : x + y;
    }
    out[i] = x;
}

KERNEL(aggregation)
{
    AT;
    // One atomic for all lanes that have something, then places in the order of lanes.
    u32 x = in[i];
    bool wants = x % 3 == 0;
    u32 votes = __ballot_sync(ALL, wants), base = 0, below;
    asm("mov.u32 %0, %%lanemask_lt;" : "=r"(below));
    int leader = __ffs(votes) - 1;
    if (votes != 0)
    {
        if ((t & 31) == leader) base = atomicAdd(&out[0], __popc(votes));
        base = __shfl_sync(ALL, base, leader);
        if (wants) out[1 + base + __popc(votes & below)] = x;
    }
}

#if __CUDA_ARCH__ >= 800
KERNEL(asynchronous_copies)
{
    __shared__ __align__(16) u32 stage[2][128 * 4];
    AT;
    u32 at[2];
    for (int k = 0; k < 2; k++) at[k] = (u32)__cvta_generic_to_shared(&stage[k][t * 4]);
    u32 sum = 0;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\ncp.async.commit_group;" : : "r"(at[0]), "l"(in + 4 * t) : "memory");
    for (int k = 0; k < 3; k++)
    {
        int bytes = k == 1 ? 8 : 16;
        if (k < 2) asm volatile("cp.async.ca.shared.global [%0], [%1], 16, %2;" : : "r"(at[(k + 1) & 1]), "l"(in + 512 * (k + 1) + 4 * t), "r"(bytes) : "memory");
        asm volatile("cp.async.commit_group;\ncp.async.wait_group 1;" : : : "memory");
        __syncthreads();
        for (int j = 0; j < 4; j++) sum = sum * 5 + stage[k & 1][((t + 7) & 127) * 4 + j];
        __syncthreads();
    }
    out[i] = sum;
}

KERNEL(tensor_product)
{
    // 16x8x16 of halves, A by ldmatrix from shared memory, B transposed by it; small integers, so that the sums are exact.
    __shared__ __align__(16) unsigned short a[16 * 16], b[16 * 8];
    AT;
    for (int k = t; k < 256; k += 32) { float v = (float)(int)(in[k] & 7) - 3; asm("{ .reg .b16 h; cvt.rn.f16.f32 h, %1; mov.b16 %0, h; }" : "=h"(a[k]) : "f"(v)); }
    for (int k = t; k < 128; k += 32) { float v = (float)(int)(in[256 + k] & 7) - 4; asm("{ .reg .b16 h; cvt.rn.f16.f32 h, %1; mov.b16 %0, h; }" : "=h"(b[k]) : "f"(v)); }
    __syncthreads();
    u32 x[4], y[2];
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3]) : "r"((u32)__cvta_generic_to_shared(a + (t & 15) * 16 + (t >> 4) * 8)));
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];" : "=r"(y[0]), "=r"(y[1]) : "r"((u32)__cvta_generic_to_shared(b + (t & 15) * 8)));
    float d[4];
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %10, %10, %10};"
        : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3]) : "r"(x[0]), "r"(x[1]), "r"(x[2]), "r"(x[3]), "r"(y[0]), "r"(y[1]), "f"(1.0f));
    for (int k = 0; k < 4; k++) out[(t / 4 + (k / 2) * 8) * 8 + (t % 4) * 2 + (k & 1)] = __float_as_uint(d[k]);
}
#endif
