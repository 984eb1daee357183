// Vectors of halves, as one load or store moves them.
#pragma once
#include "common.cuh"

// N halves that lie together, aligned to their size.
template <int N> struct Halves;
template <> struct __align__(2) Halves<1> { half h[1]; };
template <> struct __align__(4) Halves<2> { half h[2]; };
template <> struct __align__(8) Halves<4> { half h[4]; };
template <> struct __align__(16) Halves<8> { half h[8]; };

// True if addresses and sizes, or-ed together, are multiples of N halves.
template <int N>
__device__ __forceinline__ bool is_aligned(unsigned long long bytes)
{
    return bytes % (2 * N) == 0;
}
