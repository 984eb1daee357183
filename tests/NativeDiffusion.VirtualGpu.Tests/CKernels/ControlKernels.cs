using System.Numerics;
using static NativeDiffusion.VirtualGpu.Tests.CKernels.CKernel;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Expected results of the kernels of control.cu.</summary>
internal static class ControlKernels
{
    private static readonly Func<uint, uint, uint>[] s_functions =
    [
        (x, y) => x + y,
        (x, y) => x * y,
        (x, y) => BitOperations.RotateLeft(x, (int)y),
        (x, y) =>
        {
            uint r = 0;
            for (uint k = 0; k < (y & 7); k++) r = (r * 31) + x;
            return r;
        },
    ];

    public static CKernel[] All { get; } =
    [
        Each("greatest_divisor", 2, (a, b, _, o) =>
        {
            a >>= 8;
            b = (b >> 8) | 1;
            for (; b != 0; o[1]++) (a, b) = (b, a % b);
            o[0] = a;
        }),
        Each("collatz", 2, (a, _, _, o) =>
        {
            uint x = (a & 0x3ff) + 1;
            while (x != 1)
            {
                o[1] = Math.Max(o[1], x);
                if (++o[0] > 120) break;
                x = x % 2 == 1 ? (3 * x) + 1 : x / 2;
            }
        }),
        Each("nested_loops", 1, (a, b, c, o) =>
        {
            uint sum = 0;
            for (uint x = 0; x < (a & 7); x++)
            {
                for (uint y = x; y < (b & 15); y++)
                {
                    if (((x + y) & 3) == (c & 3)) continue;
                    if (x * y > 60) break;
                    for (uint z = 0; z < ((x ^ y) & 3); z++) sum = (sum * 3) + z + y;
                    sum ^= x << (int)y;
                }
                if ((sum & 0x40000000) != 0) break;
            }
            o[0] = sum;
        }),
        Each("many_exits", 1, (a, b, c, o) =>
        {
            o[0] = Math.Max(a, b);
            for (int k = 19; k >= 0; k--)
                if (((c >> k) & 7) == 5) o[0] = 100u + (uint)k;
            if (b % 5 == 2) o[0] = 2;
            if (a % 4 == 0) o[0] = 1;
        }),
        Each("switch_table", 1, (a, b, c, o) => o[0] = (a % 11) switch
        {
            0 => b + c,
            1 => b * c,
            2 or 3 => b | 77,
            4 => (uint)BitOperations.PopCount(b),
            5 => b / ((c & 15) + 1),
            7 => c - b,
            8 => PowerOfThree(b),
            9 => ~b,
            _ => 0xdead,
        }),
        Each("recursion", 2, (a, b, c, o) =>
        {
            uint[] sequence = [0, 1, 1, 2, 3, 5, 8, 13];
            o[0] = sequence[a & 7];
            o[1] = (b & 1) == 0 ? (c & 3) + 1 : (c & 3) + 2;
        }),
        Each("function_pointers", 1, (a, b, c, o) => o[0] = s_functions[a & 3](b, c) + s_functions[(a >> 2) & 3](c, b)),
        Each("structures_by_value", 5, (a, b, c, o) =>
        {
            var parts = new short[8];
            uint kind = a;
            float size = b & 0xff;
            ulong tag = c;
            for (int k = 0; k < 8; k++) parts[k] = (short)(a >> k);
            for (uint turn = 0; turn < (c & 3) + 1; turn++)
            {
                uint by = b + turn;
                kind ^= by;
                size = (size * 2) + 1;
                tag += (ulong)by << 33;
                for (int k = 0; k < 8; k++) parts[k] = (short)((uint)parts[k] + by + (uint)k);
            }
            o[0] = kind;
            o[1] = BitConverter.SingleToUInt32Bits(size);
            o[2] = (uint)tag;
            o[3] = (uint)(tag >> 32);
            o[4] = parts.Aggregate(0u, (sum, part) => (sum * 7) + (ushort)part);
        }),
        Each("templates", 4, (a, b, c, o) =>
        {
            ulong sum = ((((ulong)a << 20) + b) * 5) + c;
            o[0] = a * a * a * a * a;
            o[1] = (((a * 5) + b) * 5) + c;
            o[2] = (uint)sum;
            o[3] = (uint)(sum >> 32);
        }),
        Each("local_sort", 3, (a, b, c, o) =>
        {
            uint[] x = [.. Enumerable.Range(0, 12).Select(k => (a * (uint)(k + 1)) ^ (b >> k)).Order()];
            o[0] = x[c % 12];
            o[1] = x[0] ^ x[11];
            o[2] = x.Aggregate(0u, (sum, value) => (sum * 17) + value);
        }),
        Each("local_matrix", 2, (a, b, c, o) =>
        {
            var m = new byte[64];
            for (uint k = 0; k < 64; k++) m[k] = (byte)(a + (k / 8 * b) + (k % 8 * c));
            for (uint k = 0; k < 8; k++)
            {
                uint x = (k * 8) + (b & 7), y = ((c & 7) * 8) + k;
                (m[x], m[y]) = (m[y], m[x]);
            }
            for (uint k = 0; k < 64; k++) o[0] = (o[0] * 3) + m[(((k / 8) + a) & 7) * 8 + (k % 8)];
            double total = 0.5;
            for (uint k = 0; k < 4; k++) total += (int)(a + k);
            o[1] = (uint)(int)Math.Clamp(2 * total, int.MinValue, int.MaxValue);
        }),
        Each("assembly_labels", 2, (a, b, c, o) =>
        {
            uint r = a;
            for (uint k = 0; k < (b & 31); k++)
            {
                r = ((r & 0xffffff) * 3) + k;
                if (r > 0x800000) break;
                r ^= 1;
            }
            o[0] = r;
            o[1] = (int)b < (int)c ? 5 + b : 9 - c;
        }),
        Each("assumptions", 1, (a, b, c, o) => o[0] = (a & 15) == 3 ? b : ((a & 15) / 4) + c),
        Each("unions", 2, (a, b, c, o) =>
        {
            byte[] bytes = BitConverter.GetBytes(a);
            bytes[b & 3] ^= 0x5a;
            int half = (int)(c & 1) * 2;
            BitConverter.GetBytes((ushort)(BitConverter.ToUInt16(bytes, half) + 7)).CopyTo(bytes, half);
            (bytes[0], bytes[3]) = (bytes[3], bytes[0]);
            o[0] = BitConverter.ToUInt32(bytes);
            byte[] number = BitConverter.GetBytes(1.5f * (a & 0xff));
            o[1] = BitConverter.ToUInt16(number, 2) + (3u * number[2]);
        }),
    ];

    private static uint PowerOfThree(uint limit)
    {
        uint r = 1;
        while (r < limit && r < 5000) r *= 3;
        return r;
    }
}
