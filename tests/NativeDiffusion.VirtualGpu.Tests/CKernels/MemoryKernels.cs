using System.Runtime.InteropServices;
using NativeDiffusion.VirtualGpu.Execution;
using static NativeDiffusion.VirtualGpu.Tests.CKernels.CKernel;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Expected results of the kernels of memory.cu.</summary>
internal static class MemoryKernels
{
    private static readonly uint[] s_primes = [2, 3, 5, 7, 11, 13, 17, 19];
    private static readonly int[] s_numbers = [10, -20, 30, -40, 50];
    private static readonly string[] s_words = ["one", "three", "virtual"];

    public static CKernel[] All { get; } =
    [
        Each("structure_parameter", 3, (a, b, c, o) =>
        {
            o[0] = a + (uint)((int)(b % 21) * -3) + (uint)'-';
            o[1] = (uint)(int)(0.75 * (c & 0xffff)) + unchecked((uint)-5);
            o[2] = BitConverter.SingleToUInt32Bits(1.5f + (a & 3));
        }) with { Extra = Settings() },
        Each("constant_tables", 4, (a, b, c, o) =>
        {
            ulong z = (c & 1) == 0 ? 0x123456789abcdefUL : 99;
            o[0] = s_primes[a & 7] * 7;
            o[1] = BitConverter.SingleToUInt32Bits((b & 1) == 0 ? 1.5f : -2.25f);
            o[2] = ((b & 1) == 0 ? 7u : 255) + (uint)(z >> 32);
            o[3] = (uint)z;
        }),
        Each("global_variables", 5, (a, b, c, o) =>
        {
            string word = s_words[a % 3];
            int at = (int)(b % (word.Length + 1));
            o[0] = (uint)s_numbers[a % 5];
            o[1] = (uint)(s_numbers[c % 5] - 20);
            o[2] = (uint)((word.Length * 256) + (at < word.Length ? word[at] : 0));
            o[3] = 101 + (b % 3);
            o[4] = 2;
        }),
        new("vectors", 4 * Threads, (_, x, y) =>
        {
            Span<ulong> longs = MemoryMarshal.Cast<uint, ulong>(x.AsSpan());
            Span<short> shorts = MemoryMarshal.Cast<uint, short>(x.AsSpan());
            Span<byte> bytes = MemoryMarshal.AsBytes<uint>(x.AsSpan());
            for (int i = 0; i < Threads; i++)
            {
                int k = i & 31, l = (i + 3) & 31;
                y[4 * i] = x[4 * k] ^ x[(4 * k) + 3];
                y[(4 * i) + 1] = (uint)longs[2 * l] ^ (uint)(longs[(2 * l) + 1] >> 32);
                y[(4 * i) + 2] = bytes[4 * i] + (3u * bytes[(4 * i) + 1]) + (5u * bytes[(4 * i) + 2]) + (7u * bytes[(4 * i) + 3]);
                y[(4 * i) + 3] = (uint)(shorts[2 * (i + Threads)] * shorts[(2 * (i + Threads)) + 1]);
            }
        }),
        new("copied_bytes", 5 * Threads, (_, x, y) =>
        {
            Span<byte> from = MemoryMarshal.AsBytes<uint>(x.AsSpan()), to = MemoryMarshal.AsBytes<uint>(y.AsSpan());
            for (int i = 0; i < Threads; i++)
            {
                from.Slice((4 * i) + 1, (int)(x[i] % 13)).CopyTo(to[((16 * i) + 3)..]);
                uint fill = x[i + Threads] & 255;
                uint[] words = [fill * 0x01010101, fill * 0x01010101, fill * 0x01010101];
                words[x[i + (2 * Threads)] % 3] = x[i];
                y[(4 * Threads) + i] = words[0] + (2 * words[1]) + (3 * words[2]) + fill;
            }
        }),
        new("volatile_and_readonly", 2 * Threads, (_, x, y) =>
        {
            for (int i = 0; i < Threads; i++)
            {
                y[2 * i] = x[i] + x[i + Threads];
                y[(2 * i) + 1] = x[i ^ 1] + (x[i] >> 16 & 255) + (uint)(short)x[i];
            }
        }),
        Each("address_spaces", 2, (a, b, c, o) =>
        {
            uint kind = c % 3, mine = b + (a & 3);
            o[1] = kind == 2 ? 5u : 0;
            uint tile = kind == 0 ? a + 5 : a;
            if (kind == 1) mine += 5;
            o[0] = (kind == 0 ? tile : kind == 1 ? mine : 5) + (1000 * (kind == 0 ? 1u : kind == 1 ? 2u : 0)) + tile + mine;
        }),
        Each("cache_words", 3, (a, b, c, o) => (o[0], o[1], o[2]) = (a + 1, b, c)),
        new("dimensions", 3 * 192, (_, x, y) =>
        {
            int block = 0;
            for (int bz = 0; bz < 2; bz++)
                for (int by = 0; by < 2; by++)
                    for (int bx = 0; bx < 2; bx++, block++)
                        for (int thread = 0; thread < 24; thread++)
                        {
                            int i = (block * 24) + thread;
                            y[3 * i] = x[i] + (uint)((bz * 100) + (thread / 4 % 2 * 10) + (thread / 8));
                            y[(3 * i) + 1] = (uint)thread;
                            y[(3 * i) + 2] = (1u << thread) - 1;
                        }
        }) { Grid = new Dimensions(2, 2, 2), Block = new Dimensions(4, 2, 3) },
        Each("stack_memory", 1, (a, b, c, o) =>
        {
            for (uint k = (a & 7) + 1; k-- > 0;) o[0] = (o[0] * 3) + (b * k) + c;
        }),
    ];

    /// <summary>struct { char sign; double scale; int table[21]; short last; float4 four; }, aligned to 16.</summary>
    private static byte[] Settings()
    {
        var bytes = new byte[128];
        bytes[0] = (byte)'-';
        BitConverter.TryWriteBytes(bytes.AsSpan(8), 0.75);
        for (int k = 0; k < 21; k++) BitConverter.TryWriteBytes(bytes.AsSpan(16 + (4 * k)), k * -3);
        BitConverter.TryWriteBytes(bytes.AsSpan(100), (short)-5);
        for (int k = 0; k < 4; k++) BitConverter.TryWriteBytes(bytes.AsSpan(112 + (4 * k)), 1.5f + k);
        return bytes;
    }
}
