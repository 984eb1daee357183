// Sums and maxima over a warp and over a block, in a fixed order: the same input gives the same bits.
#pragma once
#include "common.cuh"

#define ALL_LANES 0xffffffffu

// Every lane receives the sum of its `lanes` neighbours, a power of two.
__device__ __forceinline__ float lanes_sum(float x, int lanes)
{
    for (int distance = lanes / 2; distance > 0; distance >>= 1)
        x += __shfl_xor_sync(ALL_LANES, x, distance);
    return x;
}

__device__ __forceinline__ float warp_sum(float x)
{
#pragma unroll
    for (int distance = WARP / 2; distance > 0; distance >>= 1)
        x += __shfl_xor_sync(ALL_LANES, x, distance);
    return x;
}

__device__ __forceinline__ float warp_max(float x)
{
#pragma unroll
    for (int distance = WARP / 2; distance > 0; distance >>= 1)
        x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, distance));
    return x;
}

// Every thread of a row of a block receives the row's sum. A row is of whole warps, 1024 threads at most; if there are several, one warp each.
// `scratch` holds 32 floats used by this call alone: one barrier is then enough, and none for a single warp.
__device__ __forceinline__ float block_sum(float x, float* scratch)
{
    const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, warps = blockDim.x / WARP;
    x = warp_sum(x);
    if (warps == 1) return x;
    if (lane == 0) scratch[warp] = x;
    __syncthreads();
    return warp_sum(lane < warps ? scratch[lane] : 0.0f);
}

__device__ __forceinline__ float block_max(float x, float* scratch)
{
    const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, warps = blockDim.x / WARP;
    x = warp_max(x);
    if (warps == 1) return x;
    if (lane == 0) scratch[warp] = x;
    __syncthreads();
    return warp_max(scratch[min(lane, warps - 1)]);
}
