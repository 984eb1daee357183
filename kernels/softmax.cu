// softmax: y[r, c] = exp(scale * x[r, c] - m) / sum over c of exp(scale * x[r, c] - m),   m = the row's maximum of scale * x
// x, y: [rows, columns] half, rows together. y may be x. An element of -infinity gets 0; a row of nothing else gets NaN, as in PyTorch.
// Accumulates in float32, in an order that depends on the number of columns alone.
// One block a row. Grid (rows), block: whole warps, 1024 threads at most.
//   softmax_f16: the row is kept in dynamic shared memory: columns halves.
//   softmax_long_f16: rows that do not fit are read three times.
// Columns that are a multiple of 8, and pointers on 16 bytes, are read fastest.
// Twins: SoftmaxKernel.cs, Cpu/Softmax.cs, Reference/SoftmaxReference.cs
#include "common.cuh"
#include "halves.cuh"
#include "reduce.cuh"

template <int N, bool Keeps>
__device__ __forceinline__ void softmax(const half* x, half* y, int columns, float scale)
{
    extern __shared__ __align__(16) unsigned char memory[];
    __shared__ float scratch[32];
    const Halves<N>* from = (const Halves<N>*)(x + (long long)blockIdx.x * columns);
    Halves<N>* to = (Halves<N>*)(y + (long long)blockIdx.x * columns);
    Halves<N>* kept = (Halves<N>*)memory;
    const float power = scale * LOG2_E;
    const int vectors = columns / N;

    float largest = __uint_as_float(0xff800000u);   // minus infinity
    for (int i = threadIdx.x; i < vectors; i += blockDim.x)
    {
        const Halves<N> v = from[i];
        if (Keeps) kept[i] = v;
#pragma unroll
        for (int e = 0; e < N; e++) largest = fmaxf(largest, to_float(v.h[e]) * power);
    }
    largest = block_max(largest, scratch);

    float sum = 0;
    for (int i = threadIdx.x; i < vectors; i += blockDim.x)
    {
        const Halves<N> v = Keeps ? kept[i] : from[i];
#pragma unroll
        for (int e = 0; e < N; e++) sum += exp2_approx(__fmaf_rn(to_float(v.h[e]), power, -largest));
    }
    const float share = __frcp_rn(block_sum(sum, scratch));

    for (int i = threadIdx.x; i < vectors; i += blockDim.x)
    {
        const Halves<N> v = Keeps ? kept[i] : from[i];
        Halves<N> result;
#pragma unroll
        for (int e = 0; e < N; e++) result.h[e] = to_half(exp2_approx(__fmaf_rn(to_float(v.h[e]), power, -largest)) * share);
        to[i] = result;
    }
}

template <bool Keeps>
__device__ __forceinline__ void softmax(const half* x, half* y, int columns, float scale)
{
    if (is_aligned<8>((unsigned long long)x | (unsigned long long)y | (unsigned)(columns * 2)))
        softmax<8, Keeps>(x, y, columns, scale);
    else
        softmax<1, Keeps>(x, y, columns, scale);
}

extern "C" __global__ void __launch_bounds__(1024)
softmax_f16(const half* x, half* y, int rows, int columns, float scale)
{
    softmax<true>(x, y, columns, scale);
}

extern "C" __global__ void __launch_bounds__(1024)
softmax_long_f16(const half* x, half* y, int rows, int columns, float scale)
{
    softmax<false>(x, y, columns, scale);
}
