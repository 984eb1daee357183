using System.Numerics;
using NativeDiffusion.VirtualGpu.Execution;
using static NativeDiffusion.VirtualGpu.Tests.CKernels.CKernel;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Expected results of the kernels of blocks.cu on shared memory and barriers: blocks of 128, by default two of them.</summary>
internal static class BlockKernels
{
    private const int Size = 128;

    public static CKernel[] All { get; } =
    [
        Blocks("reversal", (x, y) =>
        {
            for (int t = 0; t < Size; t++) y[t] = x[Size - 1 - t];
        }),
        new("block_sum", 2, (_, x, y) => (y[0], y[1]) = (Sum(x.AsSpan(0, Size)), Sum(x.AsSpan(Size, Size)))) { DynamicShared = 4 * Size },
        Blocks("scan", (x, y) =>
        {
            uint sum = 0;
            for (int t = 0; t < Size; t++) y[t] = sum += x[t];
        }) with { DynamicShared = 8 * Size },
        new("histogram", 16, (_, x, y) =>
        {
            foreach (uint value in x.AsSpan(0, Threads)) y[value & 15]++;
        }),
        new("transposition", 512, (_, x, y) =>
        {
            for (int k = 0; k < 512; k++) y[(k & 256) + (k % 16 * 16) + (k / 16 % 16)] = x[k];
        }) { Block = new Dimensions(16, 8, 1) },
        Blocks("bitonic_sort", (x, y) =>
        {
            x[..Size].CopyTo(y);
            y[..Size].Sort();
        }),
        new("matrix_product", 64, (_, x, y) =>
        {
            for (int row = 0; row < 8; row++)
                for (int column = 0; column < 8; column++)
                    for (int k = 0; k < 32; k++) y[(row * 8)
                        + column] += (uint)(((int)(x[(row * 32) + k] & 255) - 128) * ((int)(x[256 + (k * 8) + column] & 255) - 128));
        }) { Grid = new Dimensions(1, 1, 1), Block = new Dimensions(8, 8, 1) },
        Blocks("counted_barriers", (x, y) =>
        {
            uint odd = 0;
            foreach (uint value in x[..Size]) odd += value & 1;
            y[..Size].Fill(odd + 3000);
        }),
        new("named_barriers", 3 * Threads, (_, x, y) =>
        {
            for (int block = 0; block < Threads; block += Size)
                for (int turn = 0; turn < 3; turn++)
                    for (int t = 64; t < Size; t++) y[(turn * Threads) + block + t] = x[block + 127 - t] + (uint)turn;
        }),
        new("last_block", 9, (_, x, y) =>
        {
            (y[0], y[1], y[2]) = (2, Sum(x.AsSpan(0, Size)), Sum(x.AsSpan(Size, Size)));
            y[8] = y[1] + y[2];
        }),
        new("asynchronous_copies", Threads, (_, x, y) =>
        {
            for (int i = 0; i < Threads; i++)
                for (int turn = 0; turn < 3; turn++)
                    for (int j = 0; j < 4; j++) y[i] = (y[i] * 5) + (turn == 2 && j >= 2 ? 0 : x[(512 * turn) + ((i + 7) % Size * 4) + j]);
        }) { Since = 80 },
        new("tensor_product", 128, (_, x, y) =>
        {
            for (int row = 0; row < 16; row++)
                for (int column = 0; column < 8; column++)
                {
                    float sum = 1;
                    for (int k = 0; k < 16; k++) sum += ((int)(x[(row * 16) + k] & 7) - 3) * ((int)(x[256 + (k * 8) + column] & 7) - 4);
                    y[(row * 8) + column] = BitConverter.SingleToUInt32Bits(sum);
                }
        }) { Since = 80, Grid = new Dimensions(1, 1, 1), Block = new Dimensions(32, 1, 1) },
    ];

    public static uint Sum(ReadOnlySpan<uint> values)
    {
        uint sum = 0;
        foreach (uint value in values) sum += value;
        return sum;
    }

    private delegate void BlockReference(Span<uint> x, Span<uint> y);

    private static CKernel Blocks(string name, BlockReference reference) => new(name, Threads, (_, x, y) =>
    {
        for (int block = 0; block < Threads; block += Size) reference(x.AsSpan(block), y.AsSpan(block));
    });
}
