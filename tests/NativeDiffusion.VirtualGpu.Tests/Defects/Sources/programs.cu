// Whole algorithms, after kit.cuh.

__device__ __forceinline__ void copy4_or_zero(void* to, const void* from, bool is_there)
{
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" : : "r"(shared_address(to)), "l"(from), "r"(is_there ? 4 : 0) : "memory");
}
__device__ __forceinline__ unsigned load_acquire(const unsigned* p)
{
    unsigned v;
    asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
    return v;
}
__device__ __forceinline__ unsigned packed4(const float* p) { return (unsigned)p[0] | (unsigned)p[1] << 8 | (unsigned)p[2] << 16 | (unsigned)p[3] << 24; }
__device__ __forceinline__ float power_of_two(float v)
{
    float r;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(v));
    return r;
}

// A scan in one pass: tiles by ticket, sums and prefixes of the tiles before by a look-back warp.
KERNEL(look_back)
{
    __shared__ unsigned ticket;
    __shared__ float sums[2], before;
    const int t = threadIdx.x, lane = t % 32, warp = t / 32;
    float* aggregate = y + 3000;
    float* inclusive = y + 3100;
    volatile unsigned* state = z + 8;
    if (t == 0) ticket = atomicAdd(z, 1u);
    __syncthreads();
    const int tile = ticket;
    float v = x[64 * tile + t];
    for (int o = 1; o < 32; o <<= 1)
    {
        const float other = __shfl_up_sync(0xffffffffu, v, o);
        if (lane >= o) v += other;
    }
    if (lane == 31) sums[warp] = v;
    __syncthreads();
    if (warp == 1) v += sums[0];
    if (warp == 0)
    {
        const float total = sums[0] + sums[1];
        if (lane == 0)
        {
            (tile == 0 ? inclusive : aggregate)[tile] = total;
            CORRECT(__threadfence();)
            state[tile] = tile == 0 ? 2 : 1;
        }
        float sum = 0;
        for (int at = tile - 1 - lane; tile > 0; at -= 32)
        {
            unsigned s;
            do s = at >= 0 ? state[at] : 2u;
            while (__any_sync(0xffffffffu, s == 0));
            __threadfence();
            const unsigned done = __ballot_sync(0xffffffffu, s == 2);
            const int last = __ffs(done) - 1;
            float part = 0;
            if (at >= 0 && (done == 0 || lane <= last)) part = s == 2 ? __ldcg(inclusive + at) : __ldcg(aggregate + at);
            sum += warp_sum(part);
            if (done != 0) break;
        }
        if (lane == 0)
        {
            before = sum;
            if (tile > 0)
            {
                inclusive[tile] = sum + total;
                __threadfence();
                state[tile] = 2;
            }
        }
    }
    __syncthreads();
    y[64 * tile + t] = v + before;
}

// The same where flag and value are one word of eight bytes, so that no fence is needed.
KERNEL(packed_look_back)
{
    if (threadIdx.x != 0) return;
    size64* words = (size64*)z;
    const unsigned tile = atomicAdd(z, 1u);
    float sum = 0;
    for (int i = 0; i < 16; i++) sum += x[16 * tile + i];
    EITHER(*(volatile size64*)(words + 1 + tile), words[1 + tile]) = (size64)__float_as_uint(sum) << 32 | (tile == 0 ? 2u : 1u);
    if (tile > 0)
    {
        for (int at = tile - 1; ; at--)
        {
            size64 word;
            while ((unsigned)(word = *(volatile size64*)(words + 1 + at)) == 0) { }
            sum += __uint_as_float((unsigned)(word >> 32));
            if ((unsigned)word == 2u) break;
        }
        atomicExch(words + 1 + tile, (size64)__float_as_uint(sum) << 32 | 2u);
    }
    y[tile] = sum;
}

// Attention with the softmax as it goes: keys and values in two stages of asynchronous copies, four lanes a row.
KERNEL(flash_attention)
{
    __shared__ __align__(16) float keys[2][16][8], values[2][16][8];
    const int t = threadIdx.x, row = t / 4, part = t % 4;
    const float* k = x + 512;
    const float* v = x + 1024;
    float q[8], out[2] = {0, 0}, most = -1e30f, weight = 0;
    for (int d = 0; d < 8; d++) q[d] = (float)((int)x[8 * row + d] & 1);
    auto fetch = [&](int tile) {
        if (t < 32) copy16(&keys[tile % 2][t / 2][4 * (t % 2)], k + 128 * tile + 4 * t);
        else copy16(&values[tile % 2][(t - 32) / 2][4 * (t % 2)], v + 128 * tile + 4 * (t - 32));
        commit();
    };
    fetch(0);
    for (int tile = 0; tile < 4; tile++)
    {
        if (tile < 3) fetch(tile + 1);
        else commit();
        wait_for_copies<EITHER(1, 2)>();
        __syncthreads();
        float score[4], top = most;
        for (int j = 0; j < 4; j++)
        {
            score[j] = 0;
            for (int d = 0; d < 8; d++) score[j] += q[d] * (float)((int)keys[tile % 2][4 * j + part][d] & 1);
            top = fmaxf(top, score[j]);
        }
        top = fmaxf(top, __shfl_xor_sync(0xffffffffu, top, 1));
        top = fmaxf(top, __shfl_xor_sync(0xffffffffu, top, 2));
        const float scale = power_of_two(most - top);
        weight *= scale;
        out[0] *= scale;
        out[1] *= scale;
        most = top;
        for (int j = 0; j < 4; j++)
        {
            const float p = power_of_two(score[j] - top);
            weight += p;
            // Every lane of the row has two columns of all its keys.
            for (int other = 0; other < 4; other++)
            {
                const float theirs = __shfl_sync(0xffffffffu, p, other, 4);
                for (int c = 0; c < 2; c++) out[c] += theirs * values[tile % 2][4 * j + other][2 * part + c];
            }
        }
        __syncthreads();
    }
    weight += __shfl_xor_sync(0xffffffffu, weight, 1);
    weight += __shfl_xor_sync(0xffffffffu, weight, 2);
    y[8 * row + 2 * part] = out[0];
    y[8 * row + 2 * part + 1] = out[1];
    if (part == 0) y[128 + row] = weight;
}

// A product split along K whose parts are added up in order, guarded by a semaphore.
KERNEL(split_k_semaphore)
{
    const int t = threadIdx.x, tile = blockIdx.x % 2, slice = blockIdx.x / 2;
    float* c = y + 64 * tile;
    unsigned* turn = z + tile;
    float sum = 0;
    for (int k = 0; k < 16; k++) sum += x[16 * slice + k + 64 * (t / 8)] * x[1024 + 128 * tile + 64 * (t % 8) + 16 * slice + k];
    if (t == 0)
    {
        EITHER(while (load_acquire(turn) != slice) { }, while (*(volatile unsigned*)turn != slice) { })
    }
    __syncthreads();
    c[t] = (slice == 0 ? 0 : c[t]) + sum;
    __syncthreads();
    if (t == 0) asm volatile("red.release.gpu.global.add.u32 [%0], 1;" : : "l"(turn) : "memory");
}

// The last block to arrive adds up: the counter itself acquires and releases.
KERNEL(acquiring_counter)
{
    __shared__ unsigned place;
    y[1 + 32 * blockIdx.x + threadIdx.x] = x[32 * blockIdx.x + threadIdx.x];
    __syncthreads();
    if (threadIdx.x == 0)
    {
        unsigned old;
#ifndef DEFECT
        asm volatile("atom.acq_rel.gpu.global.add.u32 %0, [%1], 1;" : "=r"(old) : "l"(z) : "memory");
#else
        asm volatile("atom.release.gpu.global.add.u32 %0, [%1], 1;" : "=r"(old) : "l"(z) : "memory");
#endif
        place = old;
    }
    __syncthreads();
    if (place + 1 != gridDim.x) return;
    float sum = 0;
    for (int i = threadIdx.x; i < 32 * gridDim.x; i += 32) sum += y[1 + i];
    sum = warp_sum(sum);
    if (threadIdx.x == 0) y[0] = sum;
}

// A growing work queue: each item adds two more, in slots that are zero until their item is written, and every block has its own.
KERNEL(growing_queue)
{
    __shared__ unsigned item;
    volatile unsigned* slots = z + 4;
    if (blockIdx.x == 0)
    {
        if (threadIdx.x == 0 || threadIdx.x >= 32) y[threadIdx.x] = 0;
        if (threadIdx.x == 0)
        {
            y[1] = x[1];
            __threadfence();
            slots[0] = 1;
        }
    }
    for (int at = blockIdx.x; at < 31; at += gridDim.x)
    {
        if (threadIdx.x == 0)
        {
            unsigned there;
            while ((there = slots[at]) == 0) { }
            __threadfence();
            item = there;
        }
        __syncthreads();
        const unsigned mine = item;
        __syncthreads();
        const float sum = y[mine];
        y[64 * mine + threadIdx.x] = sum + threadIdx.x;
        if (threadIdx.x == 0 && 2 * mine + 1 < 32)
        {
            y[2 * mine] = sum + x[2 * mine];
            y[2 * mine + 1] = sum + x[2 * mine + 1];
            CORRECT(__threadfence();)
            const unsigned to = atomicAdd(z + 1, 2u) + 1;
            slots[to] = 2 * mine;
            slots[to + 1] = 2 * mine + 1;
        }
    }
}

// A convolution as a product: 8x8 places, 4 channels, 3x3 taps; what lies outside becomes zero as it is copied. The picture is x's end.
KERNEL(implicit_convolution)
{
    __shared__ __align__(16) float taps[2][64][4];
    const int t = threadIdx.x, place = t % 64, channel = t / 64, py = place / 8, px = place % 8;
    const float* picture = x + 4096 - 256;
    float sum = 0;
    for (int step = 0; step <= 9; step++)
    {
        if (step < 9)
        {
            const int iy = py + step / 3 - 1, ix = px + step % 3 - 1;
            const bool is_there = EITHER(iy >= 0 && iy < 8, iy >= 0) && ix >= 0 && ix < 8;
            copy4_or_zero(&taps[step % 2][place][channel], picture + 4 * (8 * iy + ix) + channel, is_there);
        }
        commit();
        if (step == 0) continue;
        wait_for_copies<1>();
        __syncthreads();
        for (int c = 0; c < 4; c++) sum += taps[(step - 1) % 2][place][c] * x[36 * channel + 4 * (step - 1) + c];
        __syncthreads();
    }
    y[64 * channel + place] = sum;
}

// Bytes: one tile by the tensor cores and the same by dp4a.
KERNEL(byte_products)
{
    __shared__ unsigned a[16][8 + 4], b[8][8 + 4];
    const int t = threadIdx.x, g = t / 4, q = t % 4;
    for (int i = t; i < 128; i += 32) a[i / 8][i % 8] = packed4(x + 4 * i);
    for (int i = t; i < 64; i += 32) b[i / 8][i % 8] = packed4(x + 1000 + 4 * i);
    CORRECT(__syncwarp();)
    int d[4] = {0, 0, 0, 0};
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3]) : "r"(a[g][q]), "r"(a[g + 8][q]), "r"(a[g][q + 4]), "r"(a[g + 8][q + 4]), "r"(b[g][q]), "r"(b[g][q + 4]));
    for (int i = 0; i < 4; i++)
    {
        const int row = g + 8 * (i / 2), column = 2 * q + i % 2;
        int same = 0;
        for (int k = 0; k < 8; k++) asm("dp4a.s32.s32 %0, %1, %2, %0;" : "+r"(same) : "r"(a[row][k]), "r"(b[column][k]));
        y[8 * row + column] = d[i] == same ? d[i] : -1;
    }
}

// tf32 and bf16 products of the same small integers; all lanes of the warp must be active.
KERNEL(float_products)
{
    const int t = threadIdx.x, g = t / 4, q = t % 4;
    const float* a = x;
    const float* b = x + 500;
    float d[4] = {0, 0, 0, 0}, e[4] = {0, 0, 0, 0};
    auto bits = [](float v) { return __float_as_uint(v); };
    auto pair = [](float low, float high) { return (__float_as_uint(high) & 0xffff0000u) | __float_as_uint(low) >> 16; };
    if (EITHER(true, t < 24))
    {
        for (int k = 0; k < 16; k += 8)
        {
            asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                : "r"(bits(a[16 * g + q + k])), "r"(bits(a[16 * (g + 8) + q + k])), "r"(bits(a[16 * g + q + 4 + k])), "r"(bits(a[16 * (g + 8) + q + 4 + k])),
                  "r"(bits(b[16 * g + q + k])), "r"(bits(b[16 * g + q + 4 + k])));
        }
    }
    auto at = [&](const float* m, int row, int column) { return pair(m[16 * row + column], m[16 * row + column + 1]); };
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(e[0]), "+f"(e[1]), "+f"(e[2]), "+f"(e[3])
        : "r"(at(a, g, 2 * q)), "r"(at(a, g + 8, 2 * q)), "r"(at(a, g, 2 * q + 8)), "r"(at(a, g + 8, 2 * q + 8)), "r"(at(b, g, 2 * q)), "r"(at(b, g, 2 * q + 8)));
    for (int i = 0; i < 4; i++) y[8 * (g + 8 * (i / 2)) + 2 * q + i % 2] = d[i] == e[i] ? d[i] : -1;
}

// Lanes of one key send one of them, in a loop that lanes leave in different iterations.
KERNEL(aggregated_atomics)
{
    const int lane = threadIdx.x % 32;
    for (int i = 0; i < 1 + lane % 5; i++)
    {
        const unsigned key = (unsigned)x[64 * i + threadIdx.x];
        const unsigned here = __activemask();
        const unsigned peers = __match_any_sync(here, key);
        const int leader = __ffs(peers) - 1;
        unsigned first = 0;
        if (lane == leader) first = atomicAdd(z + key, (unsigned)__popc(peers));
        first = __shfl_sync(EITHER(peers, 0xffffffffu), first, leader);
        const unsigned place = first + __popc(peers & ((1u << lane) - 1));
        y[256 * key + place] = (float)key;
    }
}

// Groups of eight lanes, with different trip counts, exchanging among themselves.
KERNEL(tiles_of_eight)
{
    __shared__ float s[64];
    const int t = threadIdx.x, lane = t % 32, tile = t / 8, rank = t % 8;
    const unsigned mask = 0xffu << (lane & 24);
    float sum = 0;
    for (int turn = 0; turn <= tile; turn++)
    {
        float v = x[64 * turn + t];
        if (tile % 2 == 0)
        {
            for (int o = 4; o > 0; o >>= 1) v += __shfl_xor_sync(mask, v, EITHER(o, 2 * o), 32);
        }
        else
        {
            s[t] = v;
            __syncwarp(mask);
            v = 0;
            for (int i = 0; i < 8; i++) v += s[8 * tile + i];
            __syncwarp(mask);
        }
        sum += v * (rank + 1);
    }
    y[t] = sum;
}

// Two warps that add to a list in shared memory under a lock of their own.
KERNEL(shared_lock)
{
    __shared__ unsigned lock, count;
    __shared__ float list[128];
    if (threadIdx.x == 0) lock = count = 0;
    __syncthreads();
    for (int i = 0; i < 4; i++)
    {
        if (threadIdx.x % 32 == 0)
        {
            while (atomicCAS(&lock, 0u, 1u) != 0u) __nanosleep(20);
            __threadfence_block();
            list[count] = x[threadIdx.x / 32 * 4 + i];
            count = count + 1;
            CORRECT(__threadfence_block();)
            atomicExch(&lock, 0u);
        }
        __syncwarp();
    }
    __syncthreads();
    if (threadIdx.x < 32)
    {
        float sum = warp_sum(threadIdx.x < count ? list[threadIdx.x] : 0);
        if (threadIdx.x == 0) y[0] = sum;
    }
}

// Radix sort of 64 numbers by three bits: ballots rank within warps, shared counts across them.
KERNEL(radix_sort)
{
    __shared__ unsigned keys[64], counts[2][2];
    const int t = threadIdx.x, lane = t % 32, warp = t / 32;
    keys[t] = (unsigned)x[t] * 64 + (63 - t);
    __syncthreads();
    for (int bit = 0; bit < 9; bit++)
    {
        const unsigned key = keys[t];
        const bool is_one = key >> bit & 1;
        const unsigned ones = __ballot_sync(0xffffffffu, is_one), mine = is_one ? ones : ~ones;
        if (lane == 0)
        {
            counts[warp][0] = 32 - __popc(ones);
            counts[warp][1] = __popc(ones);
        }
        __syncthreads();
        unsigned place = __popc(mine & ((1u << lane) - 1));
        if (is_one) place += counts[0][0] + counts[1][0];
        if (warp == 1) place += counts[0][is_one];
        keys[place] = key;
        CORRECT(__syncthreads();)
    }
    y[t] = (float)keys[t];
}

// Threads of a block that alternately exchange data through global memory.
KERNEL(global_exchange)
{
    float* from = y + 256 * blockIdx.x;
    float* to = from + 128;
    from[threadIdx.x] = x[128 * blockIdx.x + threadIdx.x];
    for (int i = 0; i < 4; i++)
    {
        __syncthreads();
        to[threadIdx.x] = from[(threadIdx.x + 1) % 128 + EITHER(0, (blockIdx.x == 3 ? 3328 : 0))] + 1;
        float* other = from;
        from = to;
        to = other;
    }
}

// Three warps that pass a row on by flags in shared memory; one fence of the middle one both acquires and publishes it.
KERNEL(shared_relay)
{
    __shared__ float s[32];
    __shared__ volatile unsigned flags[2];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    if (threadIdx.x < 2) flags[threadIdx.x] = 0;
    __syncthreads();
    if (warp == 0) s[lane] = x[lane];
    __syncwarp();
    if (warp > 0) while (flags[warp - 1] == 0) { }
    if (EITHER(true, warp != 1)) __threadfence_block();
    if (warp < 2 && lane == 0) flags[warp] = 1;
    if (warp == 2) y[lane] = s[31 - lane];
}
