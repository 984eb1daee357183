// gemm: y[r, n] = activation(Σ over segments s and k of a_s[r, k] · b_s[n, k] + bias[n]) + residual[r, n];  activation: 0 none, 1 SiLU
// a_s: [rows, depth_s] half, rows a_stride halves apart; b_s: [outputs, depth_s] half (a weight as checkpoints hold it), rows b_stride
// apart; bias: [outputs] float or null; residual and y: [rows, outputs] of y's type (half, or float with OUTPUT_F32 1), rows a stride
// apart; residual may be null, or y itself. No other overlap with y. Any rows, outputs and depths; an empty segment adds nothing.
// A segment is a part of the depth with its own two matrices: the second source of a concatenation, a fused shortcut, an adapter's
// t·Upᵀ. All of them are summed before the epilogue.
// Products are exact, sums in float32 in the order of the segments, 16 (Turing: 8) of the depth at a time as the tensor cores add them; the
// epilogue is float32, rounded once.
//
// -D: tile, warps and stages (gemm_tile.cuh); ALIGNED; OUTPUT_F32.
// ALIGNED 1 needs: a_s, b_s at 16 bytes, their strides and depths multiples of 8; y, bias and residual at 4 elements; outputs and the
// strides of y and residual multiples of 4. ALIGNED 0 needs nothing. Strides are below 2^23. The launcher chooses.
// Grid (ceil(rows / TILE_M), ceil(outputs / TILE_N)): one block owns one tile of y; neighbours share weights. Block: 32 · WARPS_M · WARPS_N.
// Dynamic shared: STAGES · (TILE_M + TILE_N) · TILE_K · 2 bytes.
//
// A ring of STAGES slices: cp.async fills them (16 bytes a copy, bypassing L1), ldmatrix reads the next step's fragments while
// mma.sync processes the current step's. One barrier a slice: before its last step, which already reads the next slice. After the barrier
// the finished slice is free and is loaded again, STAGES slices ahead. Without cp.async (Turing, or ALIGNED 0), a slice is held in
// registers for one iteration and is stored before the barrier.
// Two loops: whole slices of one segment inside the matrices take the inner one, without bounds checks; a segment's last slice, the change
// to the next segment, the end, and tiles over an edge take the outer one.
// Twins: GemmKernel.cs, Cpu/Linear.cs, Reference/LinearReference.cs, GemmTests.cs
#include "common.cuh"
#include "shared.cuh"
#include "async_copy.cuh"
#include "mma.cuh"
#include "gemm_tile.cuh"

#if OUTPUT_F32
typedef float output_t;
#else
typedef half output_t;
#endif

#define USE_REGISTERS (!ALIGNED || __CUDA_ARCH__ < 800)

enum : int
{
    COPY_ROWS = THREADS / CHUNKS, // rows that the block copies at a time, one chunk per thread
    A_COPIES = TILE_M / COPY_ROWS,
    B_COPIES = TILE_N / COPY_ROWS,
    MAX_SEGMENTS = 4,
    SILU = 1,
};

static_assert(THREADS % CHUNKS == 0 && COPY_ROWS % 16 == 0, "A thread's copies have the same key.");
static_assert(TILE_M % COPY_ROWS == 0 && TILE_N % COPY_ROWS == 0, "Every thread copies equally often.");

struct GemmSegment
{
    const half* a;
    const half* b;
    int a_stride;
    int b_stride;
    int depth;
};

struct GemmSegments
{
    GemmSegment list[MAX_SEGMENTS];
    int count;
};

struct GemmEpilogue
{
    const float* bias;
    const output_t* residual;
    int residual_stride;
    int activation;
};

// Loads slices in order: the source addresses of this thread's chunks, and the remaining depth.
struct Loader
{
    const GemmSegments& segments;
    int row;             // of this thread's first chunk, in the tile
    int chunk;
    int rows;            // rows of A, and of B, inside this tile
    int columns;
    const char* a;       // the tile's first row, at the next slice
    const char* b;
    unsigned a_offset[A_COPIES];
    unsigned b_offset[B_COPIES];
    unsigned a_target;   // in a stage
    unsigned b_target;
    int left;            // of the current segment's depth
    int next;            // segment
    uint4 a_held[USE_REGISTERS ? A_COPIES : 1];
    uint4 b_held[USE_REGISTERS ? B_COPIES : 1];

    __device__ __forceinline__ Loader(const GemmSegments& segments, int rows, int outputs)
        : segments(segments), row(threadIdx.x / CHUNKS), chunk(threadIdx.x % CHUNKS), rows(rows - blockIdx.x * TILE_M),
          columns(outputs - blockIdx.y * TILE_N), a_target(a_place(row, chunk)), b_target(b_place(row, chunk)), left(0), next(0), a_held{}, b_held{}
    {
    }

    __device__ __forceinline__ bool edge() const
    {
        return rows < TILE_M || columns < TILE_N;
    }

    __device__ __forceinline__ void open(const GemmSegment& segment)
    {
        a = (const char*)(segment.a + (long long)blockIdx.x * TILE_M * segment.a_stride);
        b = (const char*)(segment.b + (long long)blockIdx.y * TILE_N * segment.b_stride);
#pragma unroll
        for (int i = 0; i < A_COPIES; i++)
            a_offset[i] = ((row + i * COPY_ROWS) * segment.a_stride + chunk * CHUNK) * 2u;
#pragma unroll
        for (int i = 0; i < B_COPIES; i++)
            b_offset[i] = ((row + i * COPY_ROWS) * segment.b_stride + chunk * CHUNK) * 2u;
        left = segment.depth;
    }

    // Slices of the current segment that fetch_full may load. The caller counts them down with take.
    __device__ __forceinline__ int full_slices() const
    {
        return !ALIGNED || edge() ? 0 : left / TILE_K;
    }

    __device__ __forceinline__ void take(int slices)
    {
        left -= slices * TILE_K;
    }

    // A whole slice, all of it inside both matrices.
    __device__ __forceinline__ void fetch_full(unsigned stage)
    {
#pragma unroll
        for (int i = 0; i < A_COPIES; i++)
            copy(stage + a_target + i * COPY_ROWS * ROW_BYTES, a + a_offset[i], a_held[USE_REGISTERS ? i : 0]);
#pragma unroll
        for (int i = 0; i < B_COPIES; i++)
            copy(stage + b_target + i * COPY_ROWS * ROW_BYTES, b + b_offset[i], b_held[USE_REGISTERS ? i : 0]);
        finish();
    }

    // The next slice, of any kind: zeros outside of a matrix, the next segment after the end of one, nothing after the last.
    __device__ __forceinline__ void fetch(unsigned stage)
    {
        while (left <= 0 && next < segments.count)
            open(segments.list[next++]);
        if (left > 0)
        {
            int depth = left - chunk * CHUNK;
#pragma unroll
            for (int i = 0; i < A_COPIES; i++)
            {
                int inside = row + i * COPY_ROWS < rows ? depth : 0;
                copy_inside(stage + a_target + i * COPY_ROWS * ROW_BYTES, a + a_offset[i], inside, a_held[USE_REGISTERS ? i : 0]);
            }
#pragma unroll
            for (int i = 0; i < B_COPIES; i++)
            {
                int inside = row + i * COPY_ROWS < columns ? depth : 0;
                copy_inside(stage + b_target + i * COPY_ROWS * ROW_BYTES, b + b_offset[i], inside, b_held[USE_REGISTERS ? i : 0]);
            }
            take(1);
        }
        finish();
    }

    // Stores what fetch has loaded into registers.
    __device__ __forceinline__ void land(unsigned stage)
    {
#if USE_REGISTERS
#pragma unroll
        for (int i = 0; i < A_COPIES; i++)
            store_shared_16(stage + a_target + i * COPY_ROWS * ROW_BYTES, a_held[i]);
#pragma unroll
        for (int i = 0; i < B_COPIES; i++)
            store_shared_16(stage + b_target + i * COPY_ROWS * ROW_BYTES, b_held[i]);
#endif
    }

    // Waits until all but the newest PENDING slices have arrived.
    template <int PENDING>
    __device__ __forceinline__ void wait()
    {
#if !USE_REGISTERS
        copy_async_wait<PENDING>();
#endif
    }

private:
    __device__ __forceinline__ void finish()
    {
        a += ROW_BYTES;
        b += ROW_BYTES;
#if !USE_REGISTERS
        copy_async_commit();
#endif
    }

    static __device__ __forceinline__ void copy(unsigned shared, const char* global, uint4& held)
    {
#if !USE_REGISTERS
        copy_async_16(shared, global);
#else
        held = *(const uint4*)global;
#endif
    }

    // The first `inside` halves of a chunk, and zeros.
    static __device__ __forceinline__ void copy_inside(unsigned shared, const char* global, int inside, uint4& held)
    {
#if !USE_REGISTERS
        copy_async_16_or_zero(shared, global, inside > 0);
#elif ALIGNED
        held = inside > 0 ? *(const uint4*)global : uint4{};
#else
        const half* x = (const half*)global;
        unsigned pair[4];
#pragma unroll
        for (int i = 0; i < 4; i++)
        {
            half low = 2 * i < inside ? x[2 * i] : half{};
            half high = 2 * i + 1 < inside ? x[2 * i + 1] : half{};
            pair[i] = pack(low, high);
        }
        held = uint4{pair[0], pair[1], pair[2], pair[3]};
#endif
    }
};

// The two ends of the ring: the slice that is read, and the one that is written (read in the preceding iteration).
struct Ring
{
    unsigned start;
    unsigned read;
    unsigned write;

    __device__ __forceinline__ explicit Ring(unsigned start)
        : start(start), read(start), write(start + (STAGES - 1) * STAGE_BYTES)
    {
    }

    __device__ __forceinline__ void advance()
    {
        write = read;
        read = read == start + (STAGES - 1) * STAGE_BYTES ? start : read + STAGE_BYTES;
    }
};

// Multiplies one slice. Its first fragments are loaded; it loads the next slice's, unless this is the last.
template <bool FULL>
__device__ __forceinline__ void multiply_slice(Loader& loader, Ring& ring, const FragmentPlaces& places, Fragments (&fragments)[2], Sums& sums, bool last)
{
    static_assert(STEPS_K % 2 == 0, "Every slice starts with the first of the two fragments.");
#pragma unroll
    for (int step = 0; step < STEPS_K - 1; step++)
    {
        places.load(fragments[(step + 1) % 2], ring.read, step + 1);
        sums.add(fragments[step % 2]);
    }

    if (FULL || !last)
    {
        loader.land(ring.write);
        loader.wait<STAGES - 2>();
        __syncthreads();
        ring.advance();
        places.load(fragments[0], ring.read, 0);
        if (FULL)
            loader.fetch_full(ring.write);
        else
            loader.fetch(ring.write);
    }

    sums.add(fragments[1]);
}

// Applies the epilogue and stores the sums. Bias and activation process all sums before any is stored, so that a branch skips what is
// not used and nothing is compiled twice.
__device__ __forceinline__ void write_tile(Sums& sums, const GemmEpilogue& epilogue, output_t* y, int y_stride, int rows, int outputs)
{
    int lane = threadIdx.x % WARP;
    int warp = threadIdx.x / WARP;
    int row = blockIdx.x * TILE_M + warp / WARPS_N * WARP_M + lane / 4;
    int column = blockIdx.y * TILE_N + warp % WARPS_N * WARP_N + lane % 4 * 4;

    if (epilogue.bias != nullptr)
    {
#pragma unroll
        for (int j = 0; j < PAIRS_N; j++)
        {
            float bias[4] = {};
            load_some<ALIGNED>(bias, epilogue.bias + column + j * 16, outputs - column - j * 16);
#pragma unroll
            for (int i = 0; i < BLOCKS_M * 2; i++)
                sums.add_four(i, j, bias);
        }
    }

    if (epilogue.activation == SILU)
        sums.apply_silu();

#pragma unroll
    for (int i = 0; i < BLOCKS_M * 2; i++)
    {
        if (row + 8 * i >= rows)
            break;
        const output_t* residual = epilogue.residual + (long long)(row + 8 * i) * epilogue.residual_stride + column;
        output_t* line = y + (long long)(row + 8 * i) * y_stride + column;
#pragma unroll
        for (int j = 0; j < PAIRS_N; j++)
        {
            int inside = outputs - column - j * 16;
            if (epilogue.residual != nullptr)
            {
                float x[4] = {};
                load_some<ALIGNED>(x, residual + j * 16, inside);
                sums.add_four(i, j, x);
            }

            float x[4];
            sums.get_four(i, j, x);
            store_some<ALIGNED>(line + j * 16, x, inside);
        }
    }
}

extern "C" __global__ void __launch_bounds__(THREADS)
gemm_f16(const __grid_constant__ GemmSegments segments, const __grid_constant__ GemmEpilogue epilogue, output_t* y, int y_stride, int rows, int outputs)
{
    extern __shared__ __align__(128) unsigned char stages[];
    Ring ring(shared_address(stages));
    Loader loader(segments, rows, outputs);
    FragmentPlaces places(threadIdx.x / WARP, threadIdx.x % WARP);

    int slices = 0;
    for (int i = 0; i < segments.count; i++)
        slices += ceil_div(segments.list[i].depth, TILE_K);

#pragma unroll 1
    for (int i = 0; i < STAGES; i++)
    {
        loader.fetch(ring.start + i * STAGE_BYTES);
        if (USE_REGISTERS && i < STAGES - 1)
            loader.land(ring.start + i * STAGE_BYTES);
    }

    Sums sums;
    sums.clear();
    Fragments fragments[2];
    loader.wait<STAGES - 1>();
    __syncthreads();
    if (slices > 0)
        places.load(fragments[0], ring.read, 0);
    while (slices > 0)
    {
        int full = loader.full_slices();
        loader.take(full);
        slices -= full;
#pragma unroll 1
        for (; full > 0; full--)
            multiply_slice<true>(loader, ring, places, fragments, sums, false);
        slices--;
        multiply_slice<false>(loader, ring, places, fragments, sums, slices == 0);
    }

    write_tile(sums, epilogue, y, y_stride, rows, outputs);
}
