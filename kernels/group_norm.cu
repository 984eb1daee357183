// group_norm: y[n, s, c] = (x[n, s, c] - mean[n, g]) * rstd[n, g] * weight[c] + bias[c],   g = c / (C / groups), then SiLU in the silu entries
// Wu and He 2018, arXiv:1803.08494. The variance is biased (divides by the count), as in PyTorch.
// x: [batch, spatial, channels] half; x2: [batch, spatial, channels2] half, the further channels of a concat, or channels2 = 0;
// weight, bias: [C] float, C = channels + channels2; y: [batch, spatial, C] half. y may be x when there is no x2 (each element is read
// before it is written by the same thread; group_norm_statistics has then long ended).
// Accumulates in float32. group_norm: mean, then centred squares. group_norm_statistics: shifted sums a thread, joined as moments.
//
// Two ways, the launcher chooses:
//   group_norm_f16, group_norm_silu_f16: one launch; a block owns one group of one picture and keeps its share in shared memory.
//     Grid (groups, batch). Block: whole warps, 1024 threads at most. Dynamic shared memory: spatial * C/groups halves.
//   group_norm_statistics_f16, then group_norm_apply_f16 or group_norm_apply_silu_f16, for shares that fit nowhere; a block owns
//     `stretch` pixels of all channels. Grid (ceil(spatial / stretch), batch). Block 256.
//     statistics: moments of each stretch and group go to partial: [batch, stretches, groups, 3] float; the last block of a picture
//     joins them in order, and writes mean and rstd to statistics: [batch, groups, 2] float. arrived: [batch] unsigned, zeros before and
//     after. Dynamic shared memory: 2 floats for each of max(C, 2048) channels.
//     apply: dynamic shared memory: 2 floats a group and 2 a channel.
// Any C divisible by groups, any spatial >= 1, any channels. Multiples of 8 channels in both sources, on 16 bytes, are read fastest.
// Twins: GroupNormKernel.cs, Cpu/GroupNorm.cs, Reference/GroupNormReference.cs
#include "common.cuh"
#include "halves.cuh"
#include "reduce.cuh"

// Two tensors that stand side by side, read as one of C channels.
struct Concat
{
    const half* x;
    const half* x2;
    int channels, channels2;

    // Channel c of a pixel. Neighbouring channels lie together as long as they are of one tensor.
    __device__ __forceinline__ const half* at(long long pixel, int c) const
    {
        return c < channels ? x + pixel * channels + c : x2 + pixel * channels2 + (c - channels);
    }
};

template <bool Silu>
__device__ __forceinline__ half affine(float x, float scale, float shift)
{
    const float y = __fmaf_rn(x, scale, shift);
    return to_half(Silu ? silu(y) : y);
}

// Walks over the vectors of a block's share: pixel by pixel, each `width` vectors wide, a vector a thread. Steps without division.
struct ShareWalk
{
    int pixel, vector;
    const int width, pixels_a_step, vectors_a_step;

    __device__ __forceinline__ explicit ShareWalk(int width)
        : pixel(threadIdx.x / width), vector(threadIdx.x % width), width(width),
          pixels_a_step(blockDim.x / width), vectors_a_step(blockDim.x % width) { }

    __device__ __forceinline__ void step()
    {
        pixel += pixels_a_step;
        vector += vectors_a_step;
        if (vector >= width)
        {
            vector -= width;
            pixel++;
        }
    }
};

template <int N, bool Silu>
__device__ __forceinline__ void norm_share(const Concat &in, const float* weight, const float* bias, half* y, int spatial, int group_size, float epsilon)
{
    extern __shared__ __align__(16) unsigned char memory[];
    __shared__ float scratch[32];
    Halves<N>* share = (Halves<N>*)memory;
    const int first_channel = blockIdx.x * group_size, all = in.channels + in.channels2;
    const long long first_pixel = (long long)blockIdx.y * spatial;
    const int vectors = spatial * (group_size / N);

    float sum = 0;
    ShareWalk walk(group_size / N);
    for (int i = threadIdx.x; i < vectors; i += blockDim.x, walk.step())
    {
        const Halves<N> v = *(const Halves<N>*)in.at(first_pixel + walk.pixel, first_channel + walk.vector * N);
        share[i] = v;
#pragma unroll
        for (int e = 0; e < N; e++) sum += to_float(v.h[e]);
    }
    const float count = (float)spatial * (float)group_size;
    const float mean = __fdiv_rn(block_sum(sum, scratch), count);

    // Every thread meets its own part of the share again: nobody else's is needed.
    float squares = 0;
    for (int i = threadIdx.x; i < vectors; i += blockDim.x)
    {
        const Halves<N> v = share[i];
#pragma unroll
        for (int e = 0; e < N; e++)
        {
            const float centred = to_float(v.h[e]) - mean;
            squares = __fmaf_rn(centred, centred, squares);
        }
    }
    const float rstd = __frcp_rn(__fsqrt_rn(__fdiv_rn(block_sum(squares, scratch), count) + epsilon));

    ShareWalk again(group_size / N);
    for (int i = threadIdx.x; i < vectors; i += blockDim.x, again.step())
    {
        const Halves<N> v = share[i];
        const int c = first_channel + again.vector * N;
        Halves<N> result;
#pragma unroll
        for (int e = 0; e < N; e++)
            result.h[e] = affine<Silu>(to_float(v.h[e]) - mean, rstd * weight[c + e], bias[c + e]);
        *(Halves<N>*)(y + (first_pixel + again.pixel) * all + c) = result;
    }
}

// Widest vectors that every pixel, group and source is made of whole, in halves.
__device__ __forceinline__ int vector_width(const Concat &in, const half* y, int group_size)
{
    const unsigned long long bytes = (unsigned long long)in.x | (unsigned long long)in.x2 | (unsigned long long)y | (unsigned)((in.channels | in.channels2 | group_size) * 2);
    return is_aligned<8>(bytes) ? 8 : is_aligned<4>(bytes) ? 4 : is_aligned<2>(bytes) ? 2 : 1;
}

template <bool Silu>
__device__ __forceinline__ void norm(const Concat &in, const float* weight, const float* bias, half* y, int spatial, int groups, float epsilon)
{
    const int group_size = (in.channels + in.channels2) / groups;
    switch (vector_width(in, y, group_size))
    {
    case 8: return norm_share<8, Silu>(in, weight, bias, y, spatial, group_size, epsilon);
    case 4: return norm_share<4, Silu>(in, weight, bias, y, spatial, group_size, epsilon);
    case 2: return norm_share<2, Silu>(in, weight, bias, y, spatial, group_size, epsilon);
    default: return norm_share<1, Silu>(in, weight, bias, y, spatial, group_size, epsilon);
    }
}

extern "C" __global__ void __launch_bounds__(1024)
group_norm_f16(const half* x, const half* x2, const float* weight, const float* bias, half* y, int channels, int channels2, int spatial, int groups, float epsilon)
{
    norm<false>(Concat{x, x2, channels, channels2}, weight, bias, y, spatial, groups, epsilon);
}

extern "C" __global__ void __launch_bounds__(1024)
group_norm_silu_f16(const half* x, const half* x2, const float* weight, const float* bias, half* y, int channels, int channels2, int spatial, int groups, float epsilon)
{
    norm<true>(Concat{x, x2, channels, channels2}, weight, bias, y, spatial, groups, epsilon);
}

// ---- two launches ----

constexpr int STRETCH_THREADS = 256;

// Threads of a block in rows: each thread owns a column of N channels and every rows-th pixel of the stretch. More columns than
// threads are taken in turns.
template <int N>
struct StretchLayout
{
    int columns, rows, row, column;

    __device__ __forceinline__ explicit StretchLayout(int channels) : columns(channels / N)
    {
        rows = columns < STRETCH_THREADS ? STRETCH_THREADS / columns : 1;
        row = rows > 1 ? threadIdx.x / columns : 0;
        column = rows > 1 ? threadIdx.x % columns : threadIdx.x;
    }

    __device__ __forceinline__ bool works() const { return row < rows; }

    // Pixels that a row meets.
    __device__ __forceinline__ int pixels(int of_row, int stretch) const { return of_row < stretch ? (stretch - of_row + rows - 1) / rows : 0; }
};

// Sums of x - first and of its square, for each channel of a thread's column: the first value keeps large means from cancelling.
template <int N>
__device__ __forceinline__ void stretch_moments(const Concat &in, const StretchLayout<N> &layout, long long first_pixel, int stretch, float2* moments)
{
    const int all = in.channels + in.channels2;
    for (int column = layout.column; layout.works() && column < layout.columns; column += STRETCH_THREADS)
    {
        float shift[N], sum[N], squares[N];
#pragma unroll
        for (int e = 0; e < N; e++) shift[e] = sum[e] = squares[e] = 0;
        const half* from = in.at(first_pixel, column * N);
        const int stride = column * N < in.channels ? in.channels : in.channels2;
        for (int pixel = layout.row; pixel < stretch; pixel += layout.rows)
        {
            const Halves<N> v = *(const Halves<N>*)(from + (long long)pixel * stride);
#pragma unroll
            for (int e = 0; e < N; e++)
            {
                const float value = to_float(v.h[e]);
                if (pixel == layout.row) shift[e] = value;
                const float centred = value - shift[e];
                sum[e] += centred;
                squares[e] = __fmaf_rn(centred, centred, squares[e]);
            }
        }
        const int pixels = layout.pixels(layout.row, stretch);
        const float share = pixels > 0 ? __frcp_rn((float)pixels) : 0.0f;
#pragma unroll
        for (int e = 0; e < N; e++)
        {
            const float mean = sum[e] * share;
            moments[layout.row * all + column * N + e] = make_float2(shift[e] + mean, __fmaf_rn(-mean, sum[e], squares[e]));
        }
    }
}

// Joins the lanes' moments; every lane gets the same.
__device__ __forceinline__ Moments warp_join(Moments m)
{
#pragma unroll
    for (int distance = 16; distance > 0; distance >>= 1)
    {
        // The lower lane's come first in both, so that both get the same bits.
        const Moments other = {__shfl_xor_sync(ALL_LANES, m.count, distance), __shfl_xor_sync(ALL_LANES, m.mean, distance), __shfl_xor_sync(ALL_LANES, m.squares, distance)};
        const bool lower = (threadIdx.x & distance) == 0;
        Moments joined = lower ? m : other;
        const Moments second = lower ? other : m;
        joined.join(second.count, second.mean, second.squares);
        m = joined;
    }
    return m;
}

template <int N>
__device__ __forceinline__ void group_moments(const Concat &in, float* partial, int spatial, int groups, int stretch)
{
    extern __shared__ __align__(16) unsigned char memory[];
    float2* moments = (float2*)memory;
    const int all = in.channels + in.channels2, group_size = all / groups;
    const int first = blockIdx.x * stretch, pixels = min(stretch, spatial - first);
    const StretchLayout<N> layout(all);
    stretch_moments(in, layout, (long long)blockIdx.y * spatial + first, pixels, moments);
    __syncthreads();

    const int lane = threadIdx.x % WARP, used = min(layout.rows, pixels);
    for (int group = threadIdx.x / WARP; group < groups; group += STRETCH_THREADS / WARP)
    {
        Moments m = {0, 0, 0};
        for (int i = lane; i < used * group_size; i += 32)
        {
            const int row = i / group_size;
            const float2 channel = moments[row * all + group * group_size + i % group_size];
            m.join((float)layout.pixels(row, pixels), channel.x, channel.y);
        }
        m = warp_join(m);
        if (lane == 0)
        {
            float* to = partial + ((long long)(blockIdx.y * gridDim.x + blockIdx.x) * groups + group) * 3;
            to[0] = m.count;
            to[1] = m.mean;
            to[2] = m.squares;
        }
    }
}

extern "C" __global__ void __launch_bounds__(STRETCH_THREADS)
group_norm_statistics_f16(const half* x, const half* x2, float* partial, unsigned* arrived, float* statistics, int channels, int channels2, int spatial, int groups, float epsilon, int stretch)
{
    __shared__ bool last;
    const Concat in{x, x2, channels, channels2};
    if (vector_width(in, 0, 8) == 8)
        group_moments<8>(in, partial, spatial, groups, stretch);
    else
        group_moments<1>(in, partial, spatial, groups, stretch);

    // What this block wrote is seen by whoever sees its arrival.
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0)
    {
        last = atomicAdd(arrived + blockIdx.y, 1u) == gridDim.x - 1;
        __threadfence();
    }
    __syncthreads();
    if (!last) return;

    const int lane = threadIdx.x % WARP;
    for (int group = threadIdx.x / WARP; group < groups; group += STRETCH_THREADS / WARP)
    {
        Moments m = {0, 0, 0};
        for (int i = lane; i < gridDim.x; i += 32)
        {
            // Past the first-level cache: other blocks wrote them in this launch.
            const float* from = partial + ((long long)(blockIdx.y * gridDim.x + i) * groups + group) * 3;
            m.join(__ldcg(from), __ldcg(from + 1), __ldcg(from + 2));
        }
        m = warp_join(m);
        if (lane == 0)
        {
            float* to = statistics + (blockIdx.y * groups + group) * 2;
            to[0] = m.mean;
            to[1] = __frcp_rn(__fsqrt_rn(__fdiv_rn(m.squares, m.count) + epsilon));
        }
    }
    if (threadIdx.x == 0) atomicExch(arrived + blockIdx.y, 0u);
}

template <int N, bool Silu>
__device__ __forceinline__ void apply(const Concat &in, const float* weight, const float* bias, const float* statistics, half* y, int spatial, int groups, int stretch)
{
    extern __shared__ __align__(16) unsigned char memory[];
    const int all = in.channels + in.channels2, group_size = all / groups;
    float* means = (float*)memory;          // of each group, and rstd
    float* scales = means + 2 * groups;     // of each channel, and shifts
    float* shifts = scales + all;
    for (int i = threadIdx.x; i < 2 * groups; i += STRETCH_THREADS)
        means[i] = statistics[(long long)blockIdx.y * 2 * groups + i];
    __syncthreads();
    for (int c = threadIdx.x; c < all; c += STRETCH_THREADS)
    {
        scales[c] = means[c / group_size * 2 + 1] * weight[c];
        shifts[c] = bias[c];
    }
    __syncthreads();

    const int first = blockIdx.x * stretch, pixels = min(stretch, spatial - first);
    const long long first_pixel = (long long)blockIdx.y * spatial + first;
    const StretchLayout<N> layout(all);
    for (int column = layout.column; layout.works() && column < layout.columns; column += STRETCH_THREADS)
    {
        const int c = column * N;
        float mean[N], scale[N], shift[N];
#pragma unroll
        for (int e = 0; e < N; e++)
        {
            mean[e] = means[(c + e) / group_size * 2];
            scale[e] = scales[c + e];
            shift[e] = shifts[c + e];
        }
        const half* from = in.at(first_pixel, c);
        const int stride = c < in.channels ? in.channels : in.channels2;
        half* to = y + first_pixel * all + c;
#pragma unroll 4
        for (int pixel = layout.row; pixel < pixels; pixel += layout.rows)
        {
            const Halves<N> v = *(const Halves<N>*)(from + (long long)pixel * stride);
            Halves<N> result;
#pragma unroll
            for (int e = 0; e < N; e++)
                result.h[e] = affine<Silu>(to_float(v.h[e]) - mean[e], scale[e], shift[e]);
            *(Halves<N>*)(to + (long long)pixel * all) = result;
        }
    }
}

template <bool Silu>
__device__ __forceinline__ void apply(const Concat &in, const float* weight, const float* bias, const float* statistics, half* y, int spatial, int groups, int stretch)
{
    if (vector_width(in, y, 8) == 8)
        apply<8, Silu>(in, weight, bias, statistics, y, spatial, groups, stretch);
    else
        apply<1, Silu>(in, weight, bias, statistics, y, spatial, groups, stretch);
}

extern "C" __global__ void __launch_bounds__(STRETCH_THREADS)
group_norm_apply_f16(const half* x, const half* x2, const float* weight, const float* bias, const float* statistics, half* y, int channels, int channels2, int spatial, int groups, int stretch)
{
    apply<false>(Concat{x, x2, channels, channels2}, weight, bias, statistics, y, spatial, groups, stretch);
}

extern "C" __global__ void __launch_bounds__(STRETCH_THREADS)
group_norm_apply_silu_f16(const half* x, const half* x2, const float* weight, const float* bias, const float* statistics, half* y, int channels, int channels2, int spatial, int groups, int stretch)
{
    apply<true>(Concat{x, x2, channels, channels2}, weight, bias, statistics, y, spatial, groups, stretch);
}
