using System.Numerics;
using static NativeDiffusion.VirtualGpu.Tests.CKernels.CKernel;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Expected results of the kernels of blocks.cu on warps and atomics.</summary>
internal static class WarpKernels
{
    private const int Lanes = 32;

    public static CKernel[] All { get; } =
    [
        new("global_atomics", 20, (_, x, y) =>
        {
            ulong sum = 0, largest = 0, mixed = 0;
            long least = 0;
            foreach (uint value in x.AsSpan(0, Threads))
            {
                y[0] += value;
                y[1] -= value;
                y[2] = Math.Min(y[2], value | 1);
                y[3] = Math.Max(y[3], value);
                y[4] = (uint)Math.Min((int)y[4], (int)value);
                y[5] = (uint)Math.Max((int)y[5], (int)value);
                y[6] &= value | 0xff;
                y[7] |= value & 0xff00ff;
                y[8] ^= value;
                sum += ((ulong)value << 8) | 1;
                largest = Math.Max(largest, (ulong)value << 5);
                least = Math.Min(least, (long)(int)value * 7);
                mixed ^= (ulong)value << 17;
            }
            y[9] = Threads % 100;
            y[10] = (31 - (Threads % 31)) % 31;
            Put(y, 12, sum);
            Put(y, 14, largest);
            Put(y, 16, (ulong)least);
            Put(y, 18, mixed);
        }) { Start = [0, 0, uint.MaxValue, 0, 0, 0, uint.MaxValue] },
        new("shared_atomics", 36, (_, x, y) =>
        {
            for (int block = 0; block < 2; block++)
            {
                Span<uint> s = y.AsSpan(18 * block, 18);
                (s[2], s[6]) = (uint.MaxValue, uint.MaxValue);
                ulong sum = 0, mixed = 0, largest = 0;
                foreach (uint value in x.AsSpan(128 * block, 128))
                {
                    s[0] += value;
                    s[1] -= value;
                    s[2] = Math.Min(s[2], value);
                    s[3] = Math.Max(s[3], value);
                    s[4] = (uint)Math.Min((int)s[4], (int)value);
                    s[5] = (uint)Math.Max((int)s[5], (int)value);
                    s[6] &= value | 0xff;
                    s[7] |= value & 0xff00ff;
                    s[8] ^= value;
                    sum += (ulong)value << 9;
                    mixed ^= (ulong)value << 30;
                    largest = Math.Max(largest, (ulong)value << 3);
                }
                s[9] = 128 % 51;
                s[10] = (21 - (128 % 21)) % 21;
                s[11] = 7;
                ulong[] wide = [sum, mixed, largest];
                for (int k = 0; k < 6; k++) s[12 + k] = (uint)(wide[k / 2] >> (32 * (k & 1)));
            }
        }),
        new("float_atomics", 16, (_, x, y) =>
        {
            int total = 0, coarse = 0;
            for (int block = 0; block < 2; block++)
            {
                int sum = 0;
                foreach (uint word in x.AsSpan(128 * block, 128))
                {
                    int value = (int)(word & 1023) - 512;
                    sum += value;
                    coarse += value >> 8;
                }
                total += sum;
                y[8 + (4 * block)] = BitConverter.SingleToUInt32Bits(sum);
                Put(y, 10 + (4 * block), BitConverter.DoubleToUInt64Bits(sum * 0.5));
            }
            y[0] = BitConverter.SingleToUInt32Bits(total);
            Put(y, 2, BitConverter.DoubleToUInt64Bits(total * 0.25));
            y[4] = BitConverter.HalfToUInt16Bits((Half)coarse) * 0x10001u;
            y[5] = (uint)BitConverter.HalfToUInt16Bits((Half)coarse) << 16;
        }),
        new("swap_loops", 8, (_, x, y) =>
        {
            float largest = 0;
            foreach (uint word in x.AsSpan(0, Threads)) largest = Math.Max(largest, BitConverter.UInt32BitsToSingle(word & 0x7f7fffff));
            y[0] = BitConverter.SingleToUInt32Bits(largest);
            y[2] = 500;
            y[4] = Threads;
            y[5] = y[7] = Threads * (Threads - 1) / 2;
        }),
        new("spin_lock", 3, (_, x, y) => (y[0], y[1], y[2]) = (2, Threads, BlockKernels.Sum(x.AsSpan(0, Threads)))),
        Warps("shuffles", 8, (x, first, y) =>
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                Span<uint> o = y.AsSpan(8 * (first + lane), 8);
                o[0] = x[first + (int)(x[first + lane] & 31)];
                o[1] = x[first + (lane < 3 ? lane : lane - 3)];
                o[2] = x[first + (lane % 16 < 11 ? lane + 5 : lane)];
                o[3] = x[first + (lane ^ 9)];
                o[4] = x[first + (lane & ~7) + ((lane + 1) & 7)];
                o[5] = (uint)((((ulong)x[first + (lane ^ 1)] << 32) | (uint)(first + (lane ^ 1))) >> 16);
                o[6] = BitConverter.SingleToUInt32Bits(x[first + Math.Min(lane + 1, 31)] & 0xffff);
                o[7] = lane < 4 ? 77 : x[first + lane - 4];
            }
        }),
        Warps("votes", 6, (x, first, y) =>
        {
            uint odd = Mask(x, first, value => (value & 1) != 0);
            uint three = Mask(
                x, first, value => (value & 31) == 3), five = Mask(x, first, value => value == 5), top = Mask(x, first, value => value >> 31 != 0);
            for (int lane = 0; lane < Lanes; lane++)
            {
                Span<uint> o = y.AsSpan(6 * (first + lane), 6);
                uint mine = x[first + lane];
                o[0] = odd;
                o[1] = (three != 0 ? 1u : 0) + (five == 0 ? 2u : 0);
                o[2] = 1;
                o[3] = Mask(x, first, value => (value & 3) == (mine & 3));
                o[4] = top is 0 or uint.MaxValue ? uint.MaxValue ^ 0x100 : 0;
                o[5] = Mask(x, first, value => (value & 1) == (mine & 1));
            }
        }),
        Warps("warp_reductions", 8, (x, first, y) =>
        {
            uint[] values = x[first..(first + Lanes)];
            for (int lane = 0; lane < Lanes; lane++)
            {
                Span<uint> o = y.AsSpan(8 * (first + lane), 8);
                o[0] = BlockKernels.Sum(values);
                o[1] = values.Min();
                o[2] = values.Max();
                o[3] = (uint)values.Min(value => (int)value);
                o[4] = (uint)values.Max(value => (int)value);
                o[5] = values.Aggregate(uint.MaxValue, (sum, value) => sum & (value | 1));
                o[6] = values.Aggregate(0u, (sum, value) => sum | (value & 0xf0f0));
                o[7] = values.Aggregate(0u, (sum, value) => sum ^ value);
            }
        }) with { Since = 80 },
        Warps("half_warps", 2, (x, first, y) =>
        {
            uint oddSum = 0;
            bool isAny = false;
            for (int lane = 0; lane < Lanes; lane++)
            {
                if (lane % 2 == 1) oddSum += x[first + lane];
                else isAny |= x[first + lane] > 0xf0000000;
            }
            uint ballot = Mask(x, first, value => (value & 2) != 0) & 0x55555555;
            for (int lane = 0; lane < Lanes; lane++)
            {
                y[2 * (first + lane)] = lane % 2 == 1 ? oddSum : ballot ^ (isAny ? 0x80000000 : 0);
                y[(2 * (first + lane)) + 1] = uint.MaxValue;
            }
        }),
        Warps("warp_exchange", 1, (x, first, y) =>
        {
            uint[] values = x[first..(first + Lanes)];
            for (int step = 1; step < Lanes; step *= 2)
                values = [.. values.Select((value, lane) => (lane & step) != 0 ? value ^ values[lane ^ step] : value + values[lane ^ step])];
            values.CopyTo(y, first);
        }),
        // The order of warps is unspecified: the words are compared sorted.
        new("aggregation", 1 + Threads, (_, x, y) =>
        {
            uint[] kept = [.. x.Take(Threads).Where(value => value % 3 == 0)];
            y[0] = (uint)kept.Length;
            kept.CopyTo(y, 1);
        }) { IsClose = (_, at, expected, actual) =>
            at == 0 ? expected[0] == actual[0] : expected.Skip(1).Order().ElementAt(at - 1) == actual.Skip(1).Order().ElementAt(at - 1) },
    ];

    private static uint Mask(uint[] x, int first, Func<uint, bool> test)
    {
        uint mask = 0;
        for (int lane = 0; lane < Lanes; lane++)
            if (test(x[first + lane])) mask |= 1u << lane;
        return mask;
    }

    private static void Put(uint[] y, int at, ulong value) => (y[at], y[at + 1]) = ((uint)value, (uint)(value >> 32));

    private static CKernel Warps(string name, int words, Action<uint[], int, uint[]> reference) => new(name, words * Threads, (_, x, y) =>
    {
        for (int first = 0; first < Threads; first += Lanes) reference(x, first, y);
    });
}
