// Sums and maxima over a warp and over a block, in a fixed order: the same numbers give the same bits.
#pragma once
#include "common.cuh"

#define ALL_LANES 0xffffffffu

// Every lane gets the sum.
__device__ __forceinline__ float warp_sum(float x)
{
#pragma unroll
    for (int distance = 16; distance > 0; distance >>= 1)
        x += __shfl_xor_sync(ALL_LANES, x, distance);
    return x;
}

__device__ __forceinline__ float warp_max(float x)
{
#pragma unroll
    for (int distance = 16; distance > 0; distance >>= 1)
        x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, distance));
    return x;
}

// Every thread of a block of whole warps, 1024 threads at most, gets the sum. `scratch` holds 32 floats and may be used again right after.
__device__ __forceinline__ float block_sum(float x, float* scratch)
{
    const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, warps = blockDim.x / WARP;
    x = warp_sum(x);
    if (lane == 0) scratch[warp] = x;
    __syncthreads();
    x = warp_sum(lane < warps ? scratch[lane] : 0.0f);
    __syncthreads();
    return x;
}

__device__ __forceinline__ float block_max(float x, float* scratch)
{
    const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, warps = blockDim.x / WARP;
    x = warp_max(x);
    if (lane == 0) scratch[warp] = x;
    __syncthreads();
    x = warp_max(lane < warps ? scratch[lane] : scratch[0]);
    __syncthreads();
    return x;
}

// Count, mean and sum of centred squares of some numbers; two of them are joined without cancellation (Chan, Golub, LeVeque 1979).
struct Moments
{
    float count, mean, squares;

    __device__ __forceinline__ void join(float other_count, float other_mean, float other_squares)
    {
        const float total = count + other_count;
        const float share = total > 0 ? __fdiv_rn(other_count, total) : 0.0f;
        const float delta = other_mean - mean;
        squares = __fmaf_rn(delta * delta, count * share, squares + other_squares);
        mean = __fmaf_rn(delta, share, mean);
        count = total;
    }
};
