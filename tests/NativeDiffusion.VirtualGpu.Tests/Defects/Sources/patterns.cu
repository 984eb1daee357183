// Patterns of real kernels, after kit.cuh.

// Warp 0 fills two slots in turn, warps 1 to 3 read them: barriers 1 and 2 signal full, 3 and 4 empty.
KERNEL(producer_and_consumers)
{
    __shared__ float slots[2][32];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    if (warp == 0)
    {
        for (int i = 0; i < 8; i++)
        {
            if (i >= 2) wait_at(3 + i % 2, 128);
            slots[i % 2][lane] = x[32 * i + lane];
            arrive_at(1 + i % 2, 128);
        }
        return;
    }
    float sum = 0;
    for (int i = 0; i < 8; i++)
    {
        wait_at(1 + i % 2, 128);
        if (i < 6) { EITHER(, arrive_at(3 + i % 2, 128);) }
        sum += slots[i % 2][(lane + warp) % 32];
        if (i < 6) { CORRECT(arrive_at(3 + i % 2, 128);) }
    }
    y[32 * (warp - 1) + lane] = sum;
}

// Two groups of two warps, each with its own named barrier, and one barrier of all at the end.
KERNEL(two_groups)
{
    __shared__ float s[128], sums[2];
    const int group = threadIdx.x / 64, i = threadIdx.x % 64;
    s[threadIdx.x] = x[threadIdx.x];
    for (int o = 32; o > 0; o >>= 1)
    {
        wait_at(EITHER(1 + group, 3 + threadIdx.x / 32), EITHER(64, 32));
        float other = i < o ? s[64 * group + i + o] : 0;
        wait_at(1 + group, 64);
        if (i < o) s[64 * group + i] += other;
    }
    if (i == 0) sums[group] = s[64 * group];
    __syncthreads();
    y[threadIdx.x] = sums[0] + sums[1];
}

// Three stages of asynchronous copies, each waited for when the one after the next begins.
KERNEL(copy_ring)
{
    __shared__ __align__(16) float ring[3][256];
    const int t = threadIdx.x;
    float sum = 0;
    for (int stage = 0; stage < 2; stage++)
    {
        copy16(&ring[stage][4 * t], x + 256 * stage + 4 * t);
        commit();
    }
    for (int i = 0; i < 12; i++)
    {
        wait_for_copies<EITHER(1, 2)>();
        __syncthreads();
        if (i + 2 < 12) copy16(&ring[(i + 2) % 3][4 * t], x + 256 * (i + 2) + 4 * t);
        commit();
        for (int k = 0; k < 4; k++) sum += ring[i % 3][(t + 64 * k + 1) % 256];
    }
    y[t] = sum;
}

// Two stages, where the refilled slot was read in the preceding iteration: one barrier more.
KERNEL(double_buffer)
{
    __shared__ __align__(16) float buffer[2][128];
    const int t = threadIdx.x;
    float sum = 0;
    copy4(&buffer[0][t], x + t);
    commit();
    for (int i = 0; i < 8; i++)
    {
        if (i + 1 < 8) copy4(&buffer[(i + 1) % 2][t], x + 128 * (i + 1) + t);
        commit();
        wait_for_copies<1>();
        __syncthreads();
        sum += buffer[i % 2][(t + 32) % 128];
        CORRECT(__syncthreads();)
    }
    y[t] = sum;
}

// ldmatrix over copied rows of which every other half is swapped.
KERNEL(matrix_over_copies)
{
    __shared__ __align__(16) unsigned char tile[16 * 32];
    const int t = threadIdx.x, row = t / 2, half = t % 2;
    copy16(tile + 32 * row + 16 * (half ^ (row / 4 % 2)), (const unsigned char*)x + 32 * row + 16 * half);
    commit();
    wait_for_copies<0>();
    CORRECT(__syncwarp();)
    const int r = t % 16, c = t / 16;
    unsigned a, b, d, e;
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(a), "=r"(b), "=r"(d), "=r"(e) : "r"(shared_address(tile + 32 * r + 16 * (c ^ (r / 4 % 2)))) : "memory");
    // Four matrices of eight rows of eight halves: the bits of four of x's floats, thus 2 t words of them.
    y[4 * t] = __uint_as_float(a);
    y[4 * t + 1] = __uint_as_float(b);
    y[4 * t + 2] = __uint_as_float(d);
    y[4 * t + 3] = __uint_as_float(e);
}

// Shuffles in each warp, one barrier, one warp for the rest.
KERNEL(block_sum)
{
    __shared__ float sums[8];
    float v = 0;
    for (int i = threadIdx.x; i < 4096; i += blockDim.x) v += x[i];
    v = warp_sum(v);
    if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = v;
    CORRECT(__syncthreads();)
    if (threadIdx.x < 32)
    {
        v = warp_sum(threadIdx.x < 8 ? sums[threadIdx.x] : 0);
        if (threadIdx.x == 0) y[0] = v;
    }
}

// The last block to finish adds up what all have written.
KERNEL(last_block_done)
{
    __shared__ bool is_last;
    float v = warp_sum(x[blockIdx.x * 64 + threadIdx.x]);
    if (threadIdx.x % 32 == 0) y[1 + 2 * blockIdx.x + threadIdx.x / 32] = v;
    CORRECT(__threadfence();)
    __syncthreads();
    if (threadIdx.x == 0) is_last = atomicInc(z, gridDim.x - 1) == gridDim.x - 1;
    __syncthreads();
    if (!is_last) return;
    __threadfence();
    if (threadIdx.x < 32)
    {
        float sum = 0;
        for (int i = threadIdx.x; i < 2 * gridDim.x; i += 32) sum += __ldcg(y + 1 + i);
        sum = warp_sum(sum);
        if (threadIdx.x == 0) y[0] = sum;
    }
}

// Counts in shared memory, added to those of all blocks.
KERNEL(histogram)
{
    __shared__ unsigned bins[8];
    if (threadIdx.x < 8) bins[threadIdx.x] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < 4096; i += gridDim.x * blockDim.x) atomicAdd(bins + (int)x[i], 1u);
    __syncthreads();
    if (threadIdx.x < 8) EITHER(atomicAdd(z + threadIdx.x, bins[threadIdx.x]), z[threadIdx.x] += bins[threadIdx.x]);
}

// Threads without an element return before the barrier: a whole warp and half of another.
KERNEL(early_return)
{
    __shared__ float s[64];
    const int t = threadIdx.x;
#ifndef DEFECT
    if (t >= 48) return;
    s[t] = x[t];
    __syncthreads();
    y[t] = s[47 - t];
#else
    if (t < 48)
    {
        s[t] = x[t];
        __syncthreads();
        y[t] = s[47 - t];
    }
    y[t + 100] = 1;
#endif
}

// Each block's first thread adds to a number under a lock.
KERNEL(spin_lock)
{
    if (threadIdx.x != 0) return;
    while (atomicCAS(z, 0u, 1u) != 0u) { }
    CORRECT(__threadfence();)
    z[1] += blockIdx.x;
    __threadfence();
    atomicExch(z, 0u);
}

// Block 0 computes, the others wait for its flag.
KERNEL(flag_and_data)
{
    if (blockIdx.x == 0)
    {
        y[threadIdx.x] = 2 * x[threadIdx.x];
        __syncthreads();
        if (threadIdx.x == 0)
        {
            __threadfence();
            *(volatile unsigned*)z = 1;
        }
        return;
    }
    if (threadIdx.x == 0)
    {
        while (*(volatile unsigned*)z == 0) { }
        __threadfence();
    }
    CORRECT(__syncthreads();)
    y[blockIdx.x * 64 + threadIdx.x] = y[63 - threadIdx.x] + 1;
}

// A running sum from block to block.
KERNEL(chain)
{
    if (threadIdx.x != 0) return;
    float sum = 0;
    for (int i = 0; i < 16; i++) sum += x[blockIdx.x * 16 + i];
    if (blockIdx.x > 0)
    {
        while (((volatile unsigned*)z)[blockIdx.x - 1] == 0) { }
        __threadfence();
        sum += y[blockIdx.x - 1];
    }
    y[blockIdx.x] = sum;
    CORRECT(__threadfence();)
    atomicExch(z + blockIdx.x, 1u);
}

// A grid barrier, as in a cooperative launch.
KERNEL(grid_barrier)
{
    y[blockIdx.x * 32 + threadIdx.x] = x[blockIdx.x * 32 + threadIdx.x];
    __syncthreads();
    if (threadIdx.x == 0)
    {
        CORRECT(__threadfence();)
        atomicAdd(z, 1u);
        while (*(volatile unsigned*)z < gridDim.x) { }
        __threadfence();
    }
    __syncthreads();
    const int other = (blockIdx.x + 1) % gridDim.x;
    y[1024 + blockIdx.x * 32 + threadIdx.x] = y[other * 32 + threadIdx.x];
}

// One region of shared memory used for two purposes in turn.
KERNEL(phases)
{
    extern __shared__ __align__(16) float memory[];
    const int t = threadIdx.x;
    memory[t] = x[t];
    __syncthreads();
    float a = memory[127 - t];
    CORRECT(__syncthreads();)
    memory[t] = a + 1;
    __syncthreads();
    y[t] = memory[(t + 64) % 128];
}

// A tiled transpose.
KERNEL(transpose)
{
    __shared__ float tile[32][33];
    for (int part = 0; part < 2; part++)
    {
        for (int i = threadIdx.y; i < 32; i += 8) tile[i][threadIdx.x] = x[1024 * part + 32 * i + threadIdx.x];
        __syncthreads();
        for (int i = threadIdx.y; i < 32; i += 8) y[1024 * part + 32 * i + threadIdx.x] = tile[threadIdx.x][i];
        CORRECT(__syncthreads();)
    }
}

// Blocks that take work items from a counter and broadcast them to their threads.
KERNEL(work_queue)
{
    __shared__ unsigned next;
    while (true)
    {
        if (threadIdx.x == 0) next = atomicAdd(z, 1u);
        __syncthreads();
        const unsigned item = next;
        CORRECT(__syncthreads();)
        if (item >= 16) return;
        y[item * 64 + threadIdx.x] = x[item * 64 + threadIdx.x] + item;
    }
}

// A scan by Hillis and Steele in each warp.
KERNEL(warp_scan)
{
    __shared__ float s[64];
    const int t = threadIdx.x, lane = t % 32;
    s[t] = x[t];
    __syncwarp();
    for (int o = 1; o < 32; o <<= 1)
    {
        const float before = lane >= o ? s[t - o] : 0;
        CORRECT(__syncwarp();)
        s[t] += before;
        __syncwarp();
    }
    y[t] = s[t];
}

// Half warps that diverge, each with a word that all its lanes read.
KERNEL(half_warps)
{
    __shared__ float s[4];
    const int half = threadIdx.x / 16, lane = threadIdx.x % 16;
    const unsigned mask = threadIdx.x % 32 < 16 ? 0xffffu : 0xffff0000u;
    float sum = 0;
    for (int i = 0; i < 16; i++)
    {
        if (lane == i) s[half] = x[threadIdx.x];
        __syncwarp(mask);
        sum += (i + 1) * s[half];
        CORRECT(__syncwarp(mask);)
    }
    y[threadIdx.x] = sum;
}

// A warp passes a row to another through a flag in shared memory.
KERNEL(shared_flag)
{
    __shared__ float s[32];
    __shared__ volatile unsigned flag;
    const int lane = threadIdx.x % 32;
    if (threadIdx.x == 0) flag = 0;
    __syncthreads();
    if (threadIdx.x < 32)
    {
        s[lane] = x[lane];
        __syncwarp();
        CORRECT(__threadfence_block();)
        if (lane == 0) flag = 1;
        return;
    }
    while (flag == 0) { }
    __threadfence_block();
    y[lane] = s[31 - lane];
}

// Reads what the kernel itself wrote; the compiler cannot see that it is the same memory.
KERNEL(in_place)
{
    const float* again = y + z[0];
    y[threadIdx.x] = x[threadIdx.x];
    y[threadIdx.x + 64] = EITHER(again[threadIdx.x], __ldg(again + threadIdx.x)) + 1;
}
