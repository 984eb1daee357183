// Vectors of halves, as moved by one load or store.
#pragma once
#include "common.cuh"

// N contiguous halves, aligned to their size, in words as they are moved.
template <int N> struct __align__(2 * N) Halves { unsigned words[N / 2]; };
template <> struct __align__(2) Halves<1> { half only; };

// N times the half that both halves of a word hold.
template <int N>
__device__ __forceinline__ Halves<N> filled(unsigned both)
{
    if constexpr (N == 1) return {half{(unsigned short)both}};
    else
    {
        Halves<N> v;
#pragma unroll
        for (int i = 0; i < N / 2; i++) v.words[i] = both;
        return v;
    }
}

template <int N>
__device__ __forceinline__ void unpack(float (&x)[N], Halves<N> v)
{
#pragma unroll
    for (int i = 0; i < N / 2; i++)
        asm("{ .reg .b16 low, high; mov.b32 {low, high}, %2; cvt.f32.f16 %0, low; cvt.f32.f16 %1, high; }" : "=f"(x[2 * i]), "=f"(x[2 * i + 1]) : "r"(v.words[i]));
}

__device__ __forceinline__ void unpack(float (&x)[1], Halves<1> v)
{
    x[0] = to_float(v.only);
}

// Each rounded to the nearest half.
template <int N>
__device__ __forceinline__ Halves<N> pack(const float (&x)[N])
{
    Halves<N> v;
#pragma unroll
    for (int i = 0; i < N / 2; i++) v.words[i] = pack_half2(x[2 * i], x[2 * i + 1]);
    return v;
}

__device__ __forceinline__ Halves<1> pack(const float (&x)[1])
{
    return Halves<1>{to_half(x[0])};
}

// Sum of neighbours, then of neighbouring sums.
template <int N>
__device__ __forceinline__ float pairwise_sum(const float (&x)[N])
{
    if constexpr (N == 1) return x[0];
    else
    {
        float half_as_many[N / 2];
#pragma unroll
        for (int i = 0; i < N / 2; i++) half_as_many[i] = x[2 * i] + x[2 * i + 1];
        return pairwise_sum(half_as_many);
    }
}

// Calls take with each of `count` vectors, the first at from, the others `step` halves apart. TOGETHER loads are in flight at once;
// a vector is loaded completely before take is called, so that take may write to its source.
template <int N, int TOGETHER = N >= 4 ? 4 : 8, class Take>
__device__ __forceinline__ void walk(const half* from, int step, int count, Take take)
{
#pragma unroll 1
    for (; count >= TOGETHER; count -= TOGETHER)
    {
        Halves<N> v[TOGETHER];
#pragma unroll
        for (int i = 0; i < TOGETHER; i++, from += step) v[i] = *(const Halves<N>*)from;
#pragma unroll
        for (int i = 0; i < TOGETHER; i++) take(v[i]);
    }
    // Not unrolled: lanes with different counts stay in step.
#pragma unroll 1
    for (; count > 0; count--, from += step)
    {
        const Halves<N> v = *(const Halves<N>*)from;
        take(v);
    }
}

// True if addresses and sizes, combined by or, are multiples of N halves.
template <int N>
__device__ __forceinline__ bool is_aligned(unsigned long long bytes)
{
    return bytes % (2 * N) == 0;
}
