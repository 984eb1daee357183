// group_norm: y[n, s, c] = (x[n, s, c] - mean[n, g]) * rstd[n, g] * weight[c] + bias[c],   g = c / (C / groups), then SiLU in the silu entries
// Wu and He 2018, arXiv:1803.08494. The variance is biased (divides by the count), as in PyTorch.
// x: [batch, spatial, channels] half; x2: [batch, spatial, channels2] half, the further channels of a concat, or channels2 = 0;
// weight, bias: [C] float, C = channels + channels2; y: [batch, spatial, C] half. y may be x when there is no x2 (each element is read
// before it is written by the same thread; group_norm_statistics has then completed).
// Accumulates in float32. group_norm: mean, then centred squares. group_norm_statistics: sums about a value of the group, see Spread.
//
// Two paths, chosen by the launcher:
//   group_norm_f16, group_norm_silu_f16: one launch; a block owns one group of one picture and keeps its share in shared memory.
//     Grid (groups, batch). Block: whole warps, 1024 threads at most. Dynamic shared memory: spatial * C/groups halves, up to the next
//     16 bytes, and 2 floats for each of C/groups channels.
//   group_norm_statistics_f16, then group_norm_apply_f16 or group_norm_apply_silu_f16, for shares that do not fit; a block owns
//     `stretch` pixels of all channels. Grid (ceil(spatial / stretch), batch). Block: whole warps, 320 threads at most.
//     statistics: mean and sum of centred squares of each stretch and group go to partial: [batch, stretches, groups, 2] float; the last
//     block of a picture joins them in order, and writes mean and rstd to statistics: [batch, groups, 2] float. arrived: [batch] unsigned,
//     zeros before and after. Dynamic shared memory: see ChannelMoments; apply: see ChannelTable, and 2 floats a group.
// Any C divisible by groups, any spatial >= 1, any channels. Multiples of 8 channels in both sources, 16-byte aligned, are fastest.
// Twins: GroupNormKernel.cs, Cpu/GroupNorm.cs, Reference/GroupNormReference.cs
#include "common.cuh"
#include "halves.cuh"
#include "reduce.cuh"

extern __shared__ __align__(16) unsigned char memory[];
__shared__ float scratch[2][WARP];

// Two tensors concatenated along channels, read as one of C channels.
struct Concat
{
    const half* x;
    const half* x2;
    int channels, channels2;

    // Channel c of a pixel. Neighbouring channels are contiguous within one tensor.
    __device__ __forceinline__ const half* at(long long pixel, int c) const
    {
        return c < channels ? x + pixel * channels + c : x2 + pixel * channels2 + (c - channels);
    }

    // The distance from channel c of a pixel to that of the next.
    __device__ __forceinline__ int stride(int c) const { return c < channels ? channels : channels2; }
};

// The widest vectors that divide every pixel, group and source, in halves.
__device__ __forceinline__ int vector_width(const Concat &in, const half* y, int group_size)
{
    const unsigned long long bytes = (unsigned long long)in.x | (unsigned long long)in.x2 | (unsigned long long)y | (unsigned)((in.channels | in.channels2 | group_size) * 2);
    return is_aligned<8>(bytes) ? 8 : is_aligned<4>(bytes) ? 4 : is_aligned<2>(bytes) ? 2 : 1;
}

// The threads of a block in rows: each owns a column of N channels and every rows-th pixel, so that per-channel values stay in its
// registers and addresses grow by constants. More columns than threads are processed in several passes; threads of an incomplete row are idle.
template <int N>
struct Layout
{
    int columns, rows, row, column;

    __device__ __forceinline__ explicit Layout(int channels)
        : columns(channels / N), rows(max((int)blockDim.x / columns, 1)), row(threadIdx.x / columns), column(threadIdx.x % columns) { }

    __device__ __forceinline__ int first() const { return row < rows ? column : columns; }

    // Pixels of this thread.
    __device__ __forceinline__ int count(int pixels) const { return row < pixels ? (pixels - row + rows - 1) / rows : 0; }
};

// The function applied to each element of the thread's column, and to each vector.
template <int N, bool Silu>
struct Affine
{
    float scale[N], shift[N];

    __device__ __forceinline__ Halves<N> operator()(Halves<N> v) const
    {
        float x[N];
        unpack(x, v);
#pragma unroll
        for (int e = 0; e < N; e++)
        {
            const float y = __fmaf_rn(x[e], scale[e], shift[e]);
            x[e] = Silu ? silu(y) : y;
        }
        return pack(x);
    }
};

__device__ __forceinline__ float reciprocal_root(float variance, float epsilon)
{
    return __frcp_rn(__fsqrt_rn(variance + epsilon));
}

// ---- one launch ----

template <int N, bool Silu>
__device__ __forceinline__ void norm_share(const Concat &in, const float* weight, const float* bias, half* y, int spatial, int group_size, float epsilon)
{
    float* weights = (float*)(memory + ceil_div(spatial * group_size * 2, 16) * 16);    // by element of a vector, then by column: no bank conflicts
    float* biases = weights + group_size;
    const int first_channel = blockIdx.x * group_size, all = in.channels + in.channels2;
    const long long first_pixel = (long long)blockIdx.y * spatial;
    const Layout<N> layout(group_size);
    Halves<N>* own = (Halves<N>*)memory + layout.row * layout.columns;
    const int count = layout.count(spatial), kept_step = layout.rows * layout.columns;

    for (int i = threadIdx.x; i < group_size; i += blockDim.x)
    {
        const int c = first_channel + i % layout.columns * N + i / layout.columns;
        weights[i] = weight[c];
        biases[i] = bias[c];
    }

    float x[N], sum = 0;
    for (int column = layout.first(); column < layout.columns; column += blockDim.x)
    {
        const int c = first_channel + column * N, stride = in.stride(c);
        Halves<N>* kept = own + column;
        walk<N>(in.at(first_pixel + layout.row, c), layout.rows * stride, count, [&](Halves<N> v)
        {
            *kept = v;
            kept += kept_step;
            unpack(x, v);
            sum += pairwise_sum(x);
        });
    }
    const float elements = (float)spatial * (float)group_size;
    const float mean = __fdiv_rn(block_sum(sum, scratch[0]), elements);

    // Every thread reads its own part of the share again, so no barrier is needed.
    float squares = 0;
    for (int column = layout.first(); column < layout.columns; column += blockDim.x)
    {
        walk<N, 2>((const half*)(own + column), kept_step * N, count, [&](Halves<N> v)
        {
            unpack(x, v);
#pragma unroll
            for (int e = 0; e < N; e++)
            {
                x[e] -= mean;
                squares = __fmaf_rn(x[e], x[e], squares);
            }
        });
    }
    const float rstd = reciprocal_root(__fdiv_rn(block_sum(squares, scratch[1]), elements), epsilon);

    y += (first_pixel + layout.row) * all + first_channel;
    for (int column = layout.first(); column < layout.columns; column += blockDim.x)
    {
        Affine<N, Silu> affine;
#pragma unroll
        for (int e = 0, i = column; e < N; e++, i += layout.columns)
        {
            affine.scale[e] = rstd * weights[i];
            affine.shift[e] = __fmaf_rn(-mean, affine.scale[e], weights[group_size + i]);
        }
        half* to = y + column * N;
        walk<N, 2>((const half*)(own + column), kept_step * N, count, [&](Halves<N> v)
        {
            *(Halves<N>*)to = affine(v);
            to += layout.rows * all;
        });
    }
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

constexpr int STRETCH_THREADS = 320;

// Merges sets of numbers, each given by count, mean and sum of centred squares: relative to a mean of one of them, common to all that merge,
// plain sums suffice, and nothing is lost if the mean is far above the deviation. Two spreads about the same value are added.
struct Spread
{
    float about, sum, squares;

    __device__ __forceinline__ explicit Spread(float about) : about(about), sum(0), squares(0) { }

    __device__ __forceinline__ void take(float count, float mean, float centred_squares)
    {
        const float distance = mean - about, weighted = count * distance;
        sum += weighted;
        squares += __fmaf_rn(weighted, distance, centred_squares);
    }

    // Mean, and sum of centred squares.
    __device__ __forceinline__ float2 of(float count) const
    {
        const float distance = __fdiv_rn(sum, count);
        return make_float2(about + distance, fmaxf(__fmaf_rn(-distance, sum, squares), 0.0f));
    }
};

// Means and centred squares of each thread's channels, in shared memory: the first channel of all threads, then their second ...
// Any 32 neighbouring channels that a warp reads, if they start a column or are less than 32, are in 32 banks. 2 N floats for each thread
// or column, whichever is larger, in whole warps, and 4 more.
template <int N>
struct ChannelMoments
{
    float* means;
    float* squares;
    int columns, plane;

    __device__ __forceinline__ ChannelMoments(const Layout<N> &layout)
        : means((float*)memory), columns(layout.columns), plane(ceil_div(layout.rows * layout.columns, WARP) * WARP + 4)
    {
        squares = means + N * plane;
    }

    __device__ __forceinline__ int at(int c, int row) const { return c % N * plane + row * columns + c / N; }
};

template <int N>
__device__ __forceinline__ void channel_moments(const Concat &in, const Layout<N> &layout, const ChannelMoments<N> &moments, long long first_pixel, int pixels)
{
    const int count = layout.count(pixels);
    if (count == 0) return;
    const float share = __frcp_rn((float)count);
    for (int column = layout.first(); column < layout.columns; column += blockDim.x)
    {
        const int c = column * N;
        const int step = layout.rows * in.stride(c);
        const half* from = in.at(first_pixel + layout.row, c);
        // Relative to the first pixel: large means do not cancel.
        float about[N], sum[N], squares[N], x[N];
        unpack(about, *(const Halves<N>*)from);
#pragma unroll
        for (int e = 0; e < N; e++) sum[e] = squares[e] = 0;
        walk<N>(from + step, step, count - 1, [&](Halves<N> v)
        {
            unpack(x, v);
#pragma unroll
            for (int e = 0; e < N; e++)
            {
                x[e] -= about[e];
                sum[e] += x[e];
                squares[e] = __fmaf_rn(x[e], x[e], squares[e]);
            }
        });
#pragma unroll
        for (int e = 0; e < N; e++)
        {
            const float distance = sum[e] * share;
            moments.means[moments.at(c + e, layout.row)] = about[e] + distance;
            moments.squares[moments.at(c + e, layout.row)] = __fmaf_rn(-distance, sum[e], squares[e]);
        }
    }
}

// Merges the channels and rows of each group of a stretch; a power of two of lanes for each group, so that a warp's lanes read neighbouring channels.
template <int N>
__device__ __forceinline__ void join_channels(const Layout<N> &layout, const ChannelMoments<N> &moments, float2* partial, int pixels, int groups, int group_size)
{
    const int lanes = group_size >= WARP ? WARP : 1 << (WARP - __clz(group_size - 1)), lane = threadIdx.x % lanes;
    const int together = WARP / lanes, rows = min(layout.rows, pixels), least = pixels / layout.rows, longer = pixels % layout.rows;
    // All lanes of a warp continue while one has a group.
    for (int first = threadIdx.x / WARP * together; first < groups; first += blockDim.x / WARP * together)
    {
        const int wanted = first + threadIdx.x % WARP / lanes, group = min(wanted, groups - 1), begin = group * group_size;
        Spread spread(moments.means[moments.at(begin, 0)]);
        for (int c = (group_size > WARP ? begin / N * N : begin) + lane; c < begin + group_size; c += lanes)
        {
            if (c < begin) continue;
            int i = moments.at(c, 0);
            for (int row = 0; row < rows; row++, i += layout.columns)
                spread.take((float)(row < longer ? least + 1 : least), moments.means[i], moments.squares[i]);
        }
        spread.sum = lanes_sum(spread.sum, lanes);
        spread.squares = lanes_sum(spread.squares, lanes);
        if (lane == 0 && wanted < groups) partial[group] = spread.of((float)(pixels * group_size));
    }
}

template <int N>
__device__ __forceinline__ void stretch_moments(const Concat &in, float2* partial, int spatial, int groups, int stretch)
{
    const int all = in.channels + in.channels2, first = blockIdx.x * stretch, pixels = min(stretch, spatial - first);
    const Layout<N> layout(all);
    const ChannelMoments<N> moments(layout);
    channel_moments(in, layout, moments, (long long)blockIdx.y * spatial + first, pixels);
    __syncthreads();
    join_channels(layout, moments, partial + ((long long)blockIdx.y * gridDim.x + blockIdx.x) * groups, pixels, groups, all / groups);
}

// Merges the stretches of a picture: the threads of a group's column take every rows-th one, then one thread merges theirs.
__device__ __forceinline__ void join_stretches(const float2* partial, float2* statistics, int spatial, int groups, int group_size, int stretch, float epsilon)
{
    float2* sums = (float2*)memory;
    const int stretches = gridDim.x;
    const float usual = (float)(stretch * group_size), last = (float)((spatial - (stretches - 1) * stretch) * group_size);
    const Layout<1> layout(groups);
    for (int group = layout.first(); group < groups; group += blockDim.x)
    {
        // Bypasses L1: other blocks wrote them in this launch.
        Spread spread(__ldcg(partial + group).x);
#pragma unroll 8
        for (int i = layout.row; i < stretches; i += layout.rows)
        {
            const float2 moments = __ldcg(partial + (long long)i * groups + group);
            spread.take(i == stretches - 1 ? last : usual, moments.x, moments.y);
        }
        sums[layout.row * groups + group] = make_float2(spread.sum, spread.squares);
    }
    __syncthreads();

    for (int group = threadIdx.x; group < groups; group += blockDim.x)
    {
        Spread spread(__ldcg(partial + group).x);
        for (int row = 0; row < layout.rows; row++)
        {
            spread.sum += sums[row * groups + group].x;
            spread.squares += sums[row * groups + group].y;
        }
        const float elements = (float)spatial * (float)group_size;
        const float2 moments = spread.of(elements);
        statistics[group] = make_float2(moments.x, reciprocal_root(__fdiv_rn(moments.y, elements), epsilon));
    }
}

extern "C" __global__ void __launch_bounds__(STRETCH_THREADS, 2)
group_norm_statistics_f16(const half* x, const half* x2, float* partial, unsigned* arrived, float* statistics, int channels, int channels2, int spatial, int groups, float epsilon, int stretch)
{
    __shared__ bool last;
    const Concat in{x, x2, channels, channels2};
    if (vector_width(in, 0, 8) == 8)
        stretch_moments<8>(in, (float2*)partial, spatial, groups, stretch);
    else
        stretch_moments<1>(in, (float2*)partial, spatial, groups, stretch);

    // The block's writes are visible to blocks that observe its arrival.
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0)
    {
        last = atomicAdd(arrived + blockIdx.y, 1u) == gridDim.x - 1;
        __threadfence();
    }
    __syncthreads();
    if (!last) return;

    join_stretches((const float2*)partial + (long long)blockIdx.y * gridDim.x * groups, (float2*)statistics + blockIdx.y * groups, spatial, groups, (channels + channels2) / groups, stretch, epsilon);
    if (threadIdx.x == 0) atomicExch(arrived + blockIdx.y, 0u);
}

// Scales and shifts of all channels in shared memory, as vectors of up to four: the first ones of all columns, then the second ones.
// 32 neighbouring channels of a writer, and 8 columns of a reader, are then in 32 banks. For N = 1 two floats a column; for N = 8 sixteen for
// each column, in multiples of eight columns, and 4 more.
template <int N>
struct ChannelTable
{
    enum : int { VECTOR = N < 4 ? N : 4, VECTORS = N / VECTOR };
    float* scales;
    float* shifts;
    int plane;

    __device__ __forceinline__ ChannelTable(int columns) : scales((float*)memory), plane(VECTORS == 1 ? columns : ceil_div(columns, 8) * 8 + 4)
    {
        shifts = scales + VECTORS * plane * VECTOR;
    }

    __device__ __forceinline__ int at(int c) const { return (c % N / VECTOR * plane + c / N) * VECTOR + c % VECTOR; }

    __device__ __forceinline__ float* end() const { return shifts + VECTORS * plane * VECTOR; }

    __device__ __forceinline__ void read(float (&to)[N], const float* from, int column) const
    {
        if constexpr (VECTOR == 1) to[0] = from[column];
        else
        {
#pragma unroll
            for (int v = 0; v < VECTORS; v++)
            {
                const float4 four = ((const float4*)from)[v * plane + column];
                to[4 * v] = four.x;
                to[4 * v + 1] = four.y;
                to[4 * v + 2] = four.z;
                to[4 * v + 3] = four.w;
            }
        }
    }
};

template <int N, bool Silu>
__device__ __forceinline__ void apply(const Concat &in, const float* weight, const float* bias, const float2* statistics, half* y, int spatial, int groups, int stretch)
{
    const int all = in.channels + in.channels2, group_size = all / groups;
    const Layout<N> layout(all);
    const ChannelTable<N> table(layout.columns);
    float2* of_groups = (float2*)table.end();
    for (int i = threadIdx.x; i < groups; i += blockDim.x)
        of_groups[i] = statistics[blockIdx.y * groups + i];
    __syncthreads();
    for (int c = threadIdx.x; c < all; c += blockDim.x)
    {
        const float2 mean_rstd = of_groups[c / group_size];
        const float scale = mean_rstd.y * weight[c];
        table.scales[table.at(c)] = scale;
        table.shifts[table.at(c)] = __fmaf_rn(-mean_rstd.x, scale, bias[c]);
    }
    __syncthreads();

    const int first = blockIdx.x * stretch, count = layout.count(min(stretch, spatial - first));
    const long long first_pixel = (long long)blockIdx.y * spatial + first + layout.row;
    for (int column = layout.first(); column < layout.columns; column += blockDim.x)
    {
        Affine<N, Silu> affine;
        table.read(affine.scale, table.scales, column);
        table.read(affine.shift, table.shifts, column);
        const int c = column * N;
        half* to = y + first_pixel * all + c;
        walk<N>(in.at(first_pixel, c), layout.rows * in.stride(c), count, [&](Halves<N> v)
        {
            *(Halves<N>*)to = affine(v);
            to += layout.rows * all;
        });
    }
}

template <bool Silu>
__device__ __forceinline__ void apply(const Concat &in, const float* weight, const float* bias, const float* statistics, half* y, int spatial, int groups, int stretch)
{
    if (vector_width(in, y, 8) == 8)
        apply<8, Silu>(in, weight, bias, (const float2*)statistics, y, spatial, groups, stretch);
    else
        apply<1, Silu>(in, weight, bias, (const float2*)statistics, y, spatial, groups, stretch);
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
