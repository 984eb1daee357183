// One block's tile of C = A·Bᵀ: the shared-memory layout of its slices of A and B, and the multiplication of one slice.
//
// -D: TILE_M x TILE_N of C a block, TILE_K of the depth a slice, WARPS_M x WARPS_N warps, STAGES slices in shared memory.
//
// A slice's row is TILE_K halves in chunks of 16 bytes; a line of 128 bytes (all 32 banks) holds 8 chunks: one row at TILE_K 64,
// two at 32. A chunk's position in its line is XORed with a key of the row, so that the 8 rows that one phase of ldmatrix reads are at
// 8 different positions: no bank conflicts. A phase reads 8 neighbouring rows of A, and of B the rows that b_row names.
//
// The columns of B are permuted so that a lane's sums are neighbours in C: of a warp's 16 columns, n8 tile j (0, 1) holds the columns
// 4q + 2j + i at its own column 2q + i. Lane t of a quad then owns columns 4t to 4t + 3 of its row: one store of 8 bytes of halves,
// and the quad's four fill a sector of 32 bytes.
#pragma once

// Enumerators: NVRTC makes module variables from namespace-scope constants.
enum : int
{
    THREADS = WARPS_M * WARPS_N * WARP,
    WARP_M = TILE_M / WARPS_M,
    WARP_N = TILE_N / WARPS_N,
    BLOCKS_M = WARP_M / 16,
    PAIRS_N = WARP_N / 16,
    STEPS_K = TILE_K / 16,

    CHUNK = 8,
    CHUNK_BYTES = 16,
    CHUNKS = TILE_K / CHUNK,
    LINE_BYTES = 128,
    ROW_BYTES = TILE_K * 2,
    ROWS_PER_LINE = LINE_BYTES / ROW_BYTES,
    A_BYTES = TILE_M * ROW_BYTES,
    B_BYTES = TILE_N * ROW_BYTES,
    STAGE_BYTES = A_BYTES + B_BYTES,
};

static_assert(TILE_M % (WARPS_M * 16) == 0 && TILE_N % (WARPS_N * 16) == 0, "A warp owns whole 16 x 16 tiles.");
static_assert(TILE_K == 32 || TILE_K == 64, "A row of a slice is half a line or a line.");
static_assert(STAGES >= 2, "One slice is read while another is written.");

// The keys repeat every 16 rows, so a step of 16 rows adds a constant.
__device__ __forceinline__ int a_key(int row)
{
    return row / ROWS_PER_LINE % CHUNKS;
}

__device__ __forceinline__ int b_key(int row)
{
    int quad = row / 4 % 4;
    return ROWS_PER_LINE == 1 ? quad * 2 + row % 2 : quad;
}

// Bytes from the start of a slice's matrix to a chunk.
__device__ __forceinline__ unsigned chunk_place(int row, int chunk, int key)
{
    int slot = row % ROWS_PER_LINE * CHUNKS + chunk;
    return row / ROWS_PER_LINE * LINE_BYTES + (slot ^ key) * CHUNK_BYTES;
}

__device__ __forceinline__ unsigned a_place(int row, int chunk)
{
    return chunk_place(row, chunk, a_key(row));
}

__device__ __forceinline__ unsigned b_place(int row, int chunk)
{
    return A_BYTES + chunk_place(row, chunk, b_key(row));
}

// The operands of one step of 16 of the depth, for a warp's part of the tile.
struct Fragments
{
    unsigned a[BLOCKS_M][4];
    unsigned b[PAIRS_N][4]; // two n8 tiles, each two halves of the depth
};

// The lane's row addresses in a slice, before the step of the depth is chosen.
struct FragmentPlaces
{
    unsigned a;
    unsigned b;

    __device__ __forceinline__ FragmentPlaces(int warp, int lane)
    {
        int matrix = lane / 8;
        int line = lane % 8;
        int a_row = warp / WARPS_N * WARP_M + matrix % 2 * 8 + line;
        int b_row = warp % WARPS_N * WARP_N + line / 2 * 4 + matrix / 2 * 2 + line % 2;
        a = a_place(a_row, matrix / 2);
        b = b_place(b_row, matrix % 2);
    }

    // A step is two chunks, and a line starts at a multiple of 128: the same address bits flip for every key.
    __device__ __forceinline__ void load(Fragments& f, unsigned stage, int step) const
    {
        unsigned flip = step * 2 * CHUNK_BYTES;
#pragma unroll
        for (int i = 0; i < BLOCKS_M; i++)
            ldmatrix_x4(f.a[i], ((stage + a) ^ flip) + i * 16 * ROW_BYTES);
#pragma unroll
        for (int i = 0; i < PAIRS_N; i++)
            ldmatrix_x4(f.b[i], ((stage + b) ^ flip) + i * 16 * ROW_BYTES);
    }
};

// A warp's part of C. Value e of n8 tile j: row 16i + 8(e / 2) + lane / 4, column 16(j / 2) + 4(lane % 4) + 2(j % 2) + e % 2.
struct Sums
{
    float tile[BLOCKS_M][2 * PAIRS_N][4];

    __device__ __forceinline__ void clear()
    {
#pragma unroll
        for (int i = 0; i < BLOCKS_M; i++)
#pragma unroll
            for (int j = 0; j < 2 * PAIRS_N; j++)
#pragma unroll
                for (int e = 0; e < 4; e++)
                    tile[i][j][e] = 0.0f;
    }

    __device__ __forceinline__ void add(const Fragments& f)
    {
#pragma unroll
        for (int i = 0; i < BLOCKS_M; i++)
#pragma unroll
            for (int j = 0; j < 2 * PAIRS_N; j++)
                mma_m16n8k16(tile[i][j], f.a[i], f.b[j / 2][j % 2 * 2], f.b[j / 2][j % 2 * 2 + 1]);
    }

    // A lane's sums are four neighbours in each of its rows 8i + lane / 4, from column 16j + 4(lane % 4) on.
    __device__ __forceinline__ void get_four(int i, int j, float (&x)[4]) const
    {
#pragma unroll
        for (int e = 0; e < 4; e++)
            x[e] = tile[i / 2][2 * j + e / 2][i % 2 * 2 + e % 2];
    }

    __device__ __forceinline__ void add_four(int i, int j, const float (&x)[4])
    {
#pragma unroll
        for (int e = 0; e < 4; e++)
            tile[i / 2][2 * j + e / 2][i % 2 * 2 + e % 2] += x[e];
    }

    __device__ __forceinline__ void apply_silu()
    {
#pragma unroll
        for (int i = 0; i < BLOCKS_M; i++)
#pragma unroll
            for (int j = 0; j < 2 * PAIRS_N; j++)
#pragma unroll
                for (int e = 0; e < 4; e++)
                    tile[i][j][e] = silu(tile[i][j][e]);
    }
};
