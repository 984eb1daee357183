// Shared by all kernels: half as raw bits, conversions, lane numbers, special functions. No toolkit header is used.
#pragma once

#if __CUDA_ARCH__ < 750
#error "The kernels need compute capability 7.5 or newer."
#endif

enum : int { WARP = 32 };

// IEEE binary16, for storage only: arithmetic is in float.
struct half
{
    unsigned short bits;
};

__device__ __forceinline__ float to_float(half x)
{
    float y;
    asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x.bits));
    return y;
}

__device__ __forceinline__ float to_float(float x)
{
    return x;
}

// Rounds to the nearest half, ties to even; beyond 65504 to infinity.
__device__ __forceinline__ half to_half(float x)
{
    half y;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
    return y;
}

// Two halves as in memory: low first.
__device__ __forceinline__ unsigned pack(half low, half high)
{
    return low.bits | ((unsigned)high.bits << 16);
}

__device__ __forceinline__ unsigned pack_half2(float low, float high)
{
#if __CUDA_ARCH__ >= 800
    unsigned y;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
    return y;
#else
    return pack(to_half(low), to_half(high));
#endif
}

__device__ __forceinline__ float low_to_float(unsigned halves)
{
    return to_float(half{(unsigned short)halves});
}

__device__ __forceinline__ float high_to_float(unsigned halves)
{
    return to_float(half{(unsigned short)(halves >> 16)});
}

// Four contiguous elements, aligned to their total size.
__device__ __forceinline__ void load_four(float (&x)[4], const half* y)
{
    uint2 four = *(const uint2*)y;
    x[0] = low_to_float(four.x);
    x[1] = high_to_float(four.x);
    x[2] = low_to_float(four.y);
    x[3] = high_to_float(four.y);
}

__device__ __forceinline__ void load_four(float (&x)[4], const float* y)
{
    float4 four = *(const float4*)y;
    x[0] = four.x;
    x[1] = four.y;
    x[2] = four.z;
    x[3] = four.w;
}

__device__ __forceinline__ void store_four(half* y, const float (&x)[4])
{
    *(uint2*)y = uint2{pack_half2(x[0], x[1]), pack_half2(x[2], x[3])};
}

__device__ __forceinline__ void store_four(float* y, const float (&x)[4])
{
    *(float4*)y = float4{x[0], x[1], x[2], x[3]};
}

__device__ __forceinline__ void store(half* y, float x)
{
    *y = to_half(x);
}

__device__ __forceinline__ void store(float* y, float x)
{
    *y = x;
}

// Loads the elements of four neighbours that are inside: the first `inside`; none if it is not positive. FOURS: all or none, and aligned.
template <bool FOURS, class T>
__device__ __forceinline__ void load_some(float (&x)[4], const T* y, int inside)
{
    if constexpr (FOURS)
    {
        if (inside > 0)
            load_four(x, y);
    }
    else
    {
#pragma unroll
        for (int i = 0; i < 4; i++)
            if (i < inside)
                x[i] = to_float(y[i]);
    }
}

template <bool FOURS, class T>
__device__ __forceinline__ void store_some(T* y, const float (&x)[4], int inside)
{
    if constexpr (FOURS)
    {
        if (inside > 0)
            store_four(y, x);
    }
    else
    {
#pragma unroll
        for (int i = 0; i < 4; i++)
            if (i < inside)
                store(y + i, x[i]);
    }
}

// 2^x by the special function unit: within 2 ulp, subnormals kept.
__device__ __forceinline__ float exp2_approx(float x)
{
    float y;
    asm("ex2.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// As exp2_approx, with subnormals flushed to zero: one instruction instead of four.
__device__ __forceinline__ float exp2_flush(float x)
{
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// 1/x by the special function unit: within 1 ulp, with subnormals flushed to zero.
__device__ __forceinline__ float reciprocal_flush(float x)
{
    float y;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

#define LOG2_E 1.44269504f

// x / (1 + e^-x). A subnormal exponential is negligible beside 1, and beyond 2^126 the quotient is below the smallest normal number.
__device__ __forceinline__ float silu(float x)
{
    return x * reciprocal_flush(1.0f + exp2_flush(x * -LOG2_E));
}

constexpr int ceil_div(int a, int b)
{
    return (a + b - 1) / b;
}
