// softmax: y[r, c] = exp(scale * x[r, c] - m) / sum over c of exp(scale * x[r, c] - m),   m = the row's maximum of scale * x
// x, y: [rows, columns] half, rows contiguous. y may be x. An element of -infinity gives 0; a row of only -infinity gives NaN, as in PyTorch.
// Accumulates in float32, in an order that depends on the number of columns alone.
//   softmax_f16: rows of up to 32 elements a thread, kept in registers: x is read once, each exponential computed once.
//     Grid (ceil(rows / block rows)). Block (threads a row, block rows): up to 512 threads a row and one row, or one warp a row and several rows.
//   softmax_long_f16: any columns. Maximum and sum are computed in one pass, the sum being rescaled when a larger element comes; a second
//     pass computes the results. Grid (rows). Block: whole warps, 1024 threads at most.
// Columns that are a multiple of 8, and 16-byte aligned pointers, are fastest.
// Twins: SoftmaxKernel.cs, Cpu/Softmax.cs, Reference/SoftmaxReference.cs
#include "common.cuh"
#include "halves.cuh"
#include "reduce.cuh"

constexpr int KEPT = 32;        // elements per thread
constexpr int TOGETHER = 4;     // vectors with loads in flight at once

// Below every scale * x, but finite: -infinity minus it is -infinity, and a row of only -infinity sums to 0.
constexpr float LOWEST = -3.402823466e38f;

__shared__ float scratch[2][WARP];

template <int N>
__device__ __forceinline__ void scaled(float (&values)[N], Halves<N> v, float power)
{
    unpack(values, v);
#pragma unroll
    for (int e = 0; e < N; e++) values[e] *= power;
}

template <int N>
__device__ __forceinline__ float maximum(const float (&values)[N], float largest)
{
#pragma unroll
    for (int e = 0; e < N; e++) largest = fmaxf(largest, values[e]);
    return largest;
}

template <int N>
__device__ __forceinline__ void softmax(const half* x, half* y, int rows, int columns, float scale)
{
    const int row = blockIdx.x * blockDim.y + threadIdx.y, threads = blockDim.x;
    // Whole warps exit, of blocks with several rows: no other warp waits for them.
    if (row >= rows) return;
    const Halves<N>* from = (const Halves<N>*)(x + (long long)row * columns) + threadIdx.x;
    Halves<N>* to = (Halves<N>*)(y + (long long)row * columns) + threadIdx.x;
    const int vectors = columns / N, mine = vectors - threadIdx.x;
    // Elements past the row's end become minus infinity and add nothing; a scale of 0 must preserve that.
    const float power = scale == 0 ? 1e-30f : scale * LOG2_E;
    const unsigned nothing = power < 0 ? 0x7c007c00u : 0xfc00fc00u;

    float values[KEPT / N][N], largest = LOWEST;
#pragma unroll
    for (int first = 0; first < KEPT / N && first * threads < vectors; first += TOGETHER)
    {
        Halves<N> v[TOGETHER];
#pragma unroll
        for (int i = 0; i < TOGETHER; i++)
        {
            v[i] = filled<N>(nothing);
            if ((first + i) * threads < mine) v[i] = from[(first + i) * threads];
        }
#pragma unroll
        for (int i = 0; i < TOGETHER; i++)
        {
            scaled(values[first + i], v[i], power);
            largest = maximum(values[first + i], largest);
        }
    }
    largest = block_max(largest, scratch[0]);

    float sum = 0;
#pragma unroll
    for (int first = 0; first < KEPT / N && first * threads < vectors; first += TOGETHER)
    {
#pragma unroll
        for (int i = first; i < first + TOGETHER; i++)
        {
#pragma unroll
            for (int e = 0; e < N; e++) values[i][e] = exp2_flush(values[i][e] - largest);
            sum += pairwise_sum(values[i]);
        }
    }
    const float share = __frcp_rn(block_sum(sum, scratch[1]));

#pragma unroll
    for (int first = 0; first < KEPT / N && first * threads < vectors; first += TOGETHER)
    {
#pragma unroll
        for (int i = first; i < first + TOGETHER; i++)
        {
#pragma unroll
            for (int e = 0; e < N; e++) values[i][e] *= share;
            if (i * threads < mine) to[i * threads] = pack(values[i]);
        }
    }
}

template <int N>
__device__ __forceinline__ void softmax_long(const half* x, half* y, int columns, float scale)
{
    const half* from = x + (long long)blockIdx.x * columns + threadIdx.x * N;
    half* to = y + (long long)blockIdx.x * columns + threadIdx.x * N;
    const int step = blockDim.x * N, count = ceil_div(columns / N - (int)threadIdx.x, blockDim.x);
    const float power = scale * LOG2_E;

    float largest = LOWEST, sum = 0, values[N];
    walk<N>(from, step, count, [&](Halves<N> v)
    {
        scaled(values, v, power);
        const float before = largest;
        largest = maximum(values, largest);
        sum *= exp2_flush(before - largest);
#pragma unroll
        for (int e = 0; e < N; e++) values[e] = exp2_flush(values[e] - largest);
        sum += pairwise_sum(values);
    });
    const float before = largest;
    largest = block_max(largest, scratch[0]);
    const float share = __frcp_rn(block_sum(sum * exp2_flush(before - largest), scratch[1]));

    walk<N>(from, step, count, [&](Halves<N> v)
    {
        scaled(values, v, power);
#pragma unroll
        for (int e = 0; e < N; e++) values[e] = exp2_flush(values[e] - largest) * share;
        *(Halves<N>*)to = pack(values);
        to += step;
    });
}

__device__ __forceinline__ bool takes_eights(const half* x, const half* y, int columns)
{
    return is_aligned<8>((unsigned long long)x | (unsigned long long)y | (unsigned)(columns * 2));
}

extern "C" __global__ void __launch_bounds__(512)
softmax_f16(const half* x, half* y, int rows, int columns, float scale)
{
    if (takes_eights(x, y, columns))
        softmax<8>(x, y, rows, columns, scale);
    else
        softmax<1>(x, y, rows, columns, scale);
}

extern "C" __global__ void __launch_bounds__(1024)
softmax_long_f16(const half* x, half* y, int rows, int columns, float scale)
{
    if (takes_eights(x, y, columns))
        softmax_long<8>(x, y, columns, scale);
    else
        softmax_long<1>(x, y, columns, scale);
}
