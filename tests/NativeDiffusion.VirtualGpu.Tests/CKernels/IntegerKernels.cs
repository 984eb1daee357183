using System.Numerics;
using static NativeDiffusion.VirtualGpu.Tests.CKernels.CKernel;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Expected results of the kernels of integers.cu.</summary>
internal static class IntegerKernels
{
    private static readonly BigInteger s_mask128 = (BigInteger.One << 128) - 1;

    public static CKernel[] All { get; } =
    [
        Each("arithmetic32", 8, (a, b, c, o) =>
        {
            o[0] = a + b - c;
            o[1] = (a * b) + c;
            o[2] = (uint)((long)(int)a / (int)((b & 0x7fffffff) | 1));
            o[3] = a / (b | 1);
            o[4] = (uint)((long)(int)a % (int)((b & 0x7fff) | 1));
            o[5] = a % ((b >> 7) | 1);
            o[6] = (0 - a) ^ ~b;
            o[7] = Bit(a > b) + (2 * Bit((int)a > (int)b)) + (4 * Bit(a == c)) + (8 * Bit((int)b <= (int)c));
        }),
        Each("constant_divisors", 8, (a, b, _, o) =>
        {
            ulong w = ((ulong)a << 32) | b;
            o[0] = a / 7;
            o[1] = (uint)((long)(int)a / -13);
            o[2] = a % 1000;
            o[3] = (uint)((int)a % 10);
            Put(o[4..], w / 1000000007);
            Put(o[6..], (ulong)((long)w % 86400));
        }),
        Each("arithmetic64", 12, (a, b, c, o) =>
        {
            ulong p = ((ulong)a << 32) | b, q = ((ulong)c << 9) | 5;
            Put(o, p / q);
            Put(o[2..], p % q);
            Put(o[4..], (ulong)((long)p / (long)q));
            Put(o[6..], (ulong)((long)p % -(long)q));
            Put(o[8..], (p * q) - (p ^ q));
            Put(o[10..], (ulong)((long)(p << (int)(c & 63)) >> (int)(b & 63)) + (p >> (int)(a & 63)));
        }),
        Each("high_products", 10, (a, b, c, o) =>
        {
            ulong p = ((ulong)a << 32) | b, q = ((ulong)c << 32) | a;
            o[0] = (uint)((ulong)a * b >> 32);
            o[1] = (uint)((long)(int)a * (int)b >> 32);
            Put(o[2..], (ulong)(((BigInteger)p * q) >> 64));
            Put(o[4..], (ulong)((((BigInteger)(long)p * (long)q) >> 64) & ulong.MaxValue));
            o[6] = (uint)((int)(a << 8) >> 8) * (uint)((int)(b << 8) >> 8);
            o[7] = (a & 0xffffff) * (b & 0xffffff);
            o[8] = (uint)Math.Abs((long)(int)a - (int)b) + c;
            o[9] = (uint)Math.Abs((long)a - b) + c + (uint)(((long)(int)a + (int)b + 1) >> 1) + (uint)(((ulong)a + b) >> 1);
        }),
        Each("wide128", 6, (a, b, c, o) =>
        {
            BigInteger p = ((BigInteger)(((ulong)a << 32) | b) << 64) | (((ulong)c << 32) | ~a), q = ((BigInteger)b << 40) | c | 1;
            BigInteger r = (p * q) + p - q;
            Put(o, (ulong)(r & ulong.MaxValue));
            Put(o[2..], (ulong)((r >> 64) & ulong.MaxValue));
            BigInteger signed = p >> 127 == 1 ? p - (BigInteger.One << 128) : p;
            r = ((p << (int)(a & 127)) ^ (p >> (int)(b & 127)) ^ (signed >> (int)(c & 127))) & s_mask128;
            Put(o[4..], (ulong)(r >> 64) ^ (ulong)(r & ulong.MaxValue));
        }),
        Each("wide_division", 8, (a, b, c, o) =>
        {
            BigInteger p = ((BigInteger)(((ulong)a << 32) | b) << 64) | (((ulong)c << 32) | ~a), q = ((BigInteger)b << 40) | c | 1;
            Put(o, p / q, 4);
            Put(o[4..], p % q, 2);
            BigInteger signed = p >> 127 == 1 ? p - (BigInteger.One << 128) : p;
            Put(o[6..], signed / q, 2);
        }),
        Each("bit_counts", 8, (a, b, c, o) =>
        {
            ulong p = ((ulong)(a & 0xffff) << 32) | b;
            o[0] = (uint)(Ones(a) | (Zeros(b >> (int)(a & 31), 32) << 8) | (First(c << (int)(a & 31)) << 16));
            o[1] = (uint)Reverse(a, 32);
            o[2] = (uint)(Ones(p) | (Zeros(p, 64) << 8) | (First(p << 31) << 16));
            Put(o[3..], Reverse(p, 64));
            o[5] = (uint)(31 - Zeros(a >> (int)(b & 31), 32));
            int signed = (int)a >> (int)(b & 31);
            o[6] = (uint)(31 - Zeros((uint)(signed < 0 ? ~signed : signed), 32));
            ulong shifted = p >> (int)(c & 31);
            o[7] = shifted == 0 ? uint.MaxValue : (uint)Zeros(shifted, 64);
        }),
        Each("bit_fields", 6, (a, b, c, o) =>
        {
            int from = (int)(b & 31), length = (int)(c & 31);
            BigInteger field = Field(a, from, length);
            o[0] = (uint)field;
            // Signed: sign-extended beyond the top bit.
            int last = Math.Min(from + length - 1, 31);
            bool isNegative = length > 0 && (a >> last & 1) != 0;
            BigInteger kept = Field(a, from, Math.Min(length, 32 - from));
            o[1] = (uint)((isNegative ? kept - (BigInteger.One << (last - from + 1)) : kept) & uint.MaxValue);
            BigInteger hole = ((BigInteger.One << length) - 1) << from;
            o[2] = (uint)((((BigInteger)b & ~hole) | (((BigInteger)a << from) & hole)) & uint.MaxValue);
            BigInteger wide = Field(((ulong)a << 32) | b, from, length);
            o[3] = (uint)((ulong)wide ^ ((ulong)wide >> 32));
            int y = (int)(b & 0x7ff);
            o[4] = (a & 31) + (uint)(y >= 1024 ? y - 2048 : y) + (c & 0xffff);
            uint word = a | 0x80000000, nth = (b & 7) + 1, place = uint.MaxValue;
            for (int k = 0; k < 32; k++)
                if ((word >> k & 1) != 0 && --nth == 0) place = (uint)k;
            o[5] = place;
        }),
        Each("permutations", 8, (a, b, c, o) =>
        {
            ulong both = ((ulong)b << 32) | a, turned = ((ulong)b << 32) | a;
            o[0] = Permute(both, c & 0x7777);
            o[1] = Permute(both, 0x5410);
            o[2] = (uint)(turned << (int)(c & 31) >> 32);
            o[3] = (uint)(turned >> (int)(c & 31));
            o[4] = (c & 63) >= 32 ? a : (uint)(turned << (int)(c & 31) >> 32);
            o[5] = (c & 63) >= 32 ? b : (uint)(turned >> (int)(c & 31));
            o[6] = Permute(both, c);
            o[7] = ((c & 1) != 0 ? a >> 16 : a & 0xffff) * 0x10001;
        }),
        Each("logic3", 5, (a, b, c, o) =>
        {
            o[0] = (a & b) ^ (~c | a);
            o[1] = (a & b) | (b & c) | (a & c);
            o[2] = a ^ b ^ c;
            o[3] = Table(a, b, c, 0x1d);
            o[4] = (a ^ (b >> 3)) & ~(c << 5);
        }),
        Each("dot_products", 6, (a, b, c, o) =>
        {
            o[0] = c;
            o[1] = c;
            o[4] = 0;
            for (int k = 0; k < 32; k += 8)
            {
                o[0] += (uint)((sbyte)(a >> k) * (sbyte)(b >> k));
                o[1] += (uint)((byte)(a >> k) * (byte)(b >> k));
                o[4] |= (uint)(byte)((a >> k) + (b >> k)) << k;
            }
            o[2] = c + (uint)(((short)a * (sbyte)b) + ((short)(a >> 16) * (sbyte)(b >> 8)));
            o[3] = c + ((a & 0xffff) * (b >> 16 & 255)) + ((a >> 16) * (b >> 24));
            uint max = (ushort)Math.Max((short)a, (short)b) | ((uint)(ushort)Math.Max((short)(a >> 16), (short)(b >> 16)) << 16);
            uint difference = 0;
            for (int k = 0; k < 32; k += 8) difference |= (uint)Math.Abs((byte)(a >> k) - (byte)(c >> k)) << k;
            uint less = (ushort)(b - c) | ((uint)(ushort)((b >> 16) - (c >> 16)) << 16);
            o[5] = max ^ difference ^ less;
        }) with { IsForDebuggers = false },
        Each("narrow_types", 6, (a, b, c, o) =>
        {
            byte x = (byte)(a + b);
            sbyte y = (sbyte)(a * c);
            ushort z = (ushort)(a + (b >> 3));
            short w = (short)(b * c);
            x = (byte)(x << 3);
            y = (sbyte)(y >> 1);
            z = (ushort)(z * z);
            w = (short)(w / 3);
            o[0] = x;
            o[1] = (uint)y;
            o[2] = z;
            o[3] = (uint)w;
            o[4] = (uint)(short)(x * y) + (byte)(z % 7) + (uint)(w % 5);
            o[5] = Bit(x < z) + (2 * Bit(y < w)) + (uint)Math.Max((int)y, w) + Math.Min((uint)x, z);
        }),
        Each("carry_chain", 9, (a, b, c, o) =>
        {
            BigInteger first = a + ((BigInteger)b << 32) + ((BigInteger)c << 64), second = b + ((BigInteger)c << 32) + ((BigInteger)a << 64);
            Put(o, first + second, 3);
            Put(o[3..], first - second, 3);
            Put(o[6..], ((BigInteger)a * b) + c, 1);
            // The high half's carry goes on from the low half's; their sum with c twice cannot pass 65 bits.
            BigInteger high = ((BigInteger)a * b >> 32) + c + ((((BigInteger)a * b & uint.MaxValue) + c) >> 32);
            o[7] = (uint)(high & uint.MaxValue);
            o[8] = (uint)(high >> 32);
        }),
        Each("saturation", 6, (a, b, c, o) =>
        {
            o[0] = (uint)Math.Clamp((long)(int)a + (int)b, int.MinValue, int.MaxValue);
            o[1] = (uint)Math.Clamp((long)(int)a - (int)b, int.MinValue, int.MaxValue);
            int shifted = (int)a >> (int)(b & 31);
            o[2] = (uint)Math.Clamp(shifted, -128, 127);
            o[3] = (uint)Math.Clamp(shifted, 0, 65535);
            o[4] = (uint)Math.Clamp((long)(((ulong)a << 32) | b) >> (int)(c & 63), 0, uint.MaxValue);
            o[5] = (uint)Math.Abs((long)(int)(a | 1)) ^ (uint)Math.Max((int)a, (int)b) ^ Math.Min(a, c) ^ (uint)((ulong)Math.Abs(((long)a << 20) - b) >> 3);
        }),
        Each("mixing", 2, (a, b, c, o) =>
        {
            uint x = a, y = b;
            for (int k = 0; k < 10; k++)
            {
                ulong p = (ulong)x * 0xD2511F53;
                x = (uint)(p >> 32) ^ y ^ c;
                y = (uint)p;
                c += 0x9E3779B9;
            }
            o[0] = x;
            o[1] = ((y << 13) | (y >> 19)) ^ (x >> (int)(c & 7));
        }),
    ];

    private static uint Bit(bool value) => value ? 1u : 0;

    private static void Put(Span<uint> o, ulong value)
    {
        o[0] = (uint)value;
        o[1] = (uint)(value >> 32);
    }

    private static void Put(Span<uint> o, BigInteger value, int words)
    {
        for (int k = 0; k < words; k++) o[k] = (uint)((value >> (32 * k)) & uint.MaxValue);
    }

    private static int Ones(ulong value)
    {
        int count = 0;
        for (; value != 0; value >>= 1) count += (int)(value & 1);
        return count;
    }

    private static int Zeros(ulong value, int bits)
    {
        int count = bits;
        for (; value != 0; value >>= 1) count--;
        return count;
    }

    private static int First(ulong value)
    {
        for (int k = 0; k < 64; k++)
            if ((value >> k & 1) != 0) return k + 1;
        return 0;
    }

    private static int First(uint value) => First((ulong)value);

    private static ulong Reverse(ulong value, int bits)
    {
        ulong result = 0;
        for (int k = 0; k < bits; k++) result |= (value >> k & 1) << (bits - 1 - k);
        return result;
    }

    private static BigInteger Field(ulong value, int from, int length) => ((BigInteger)value >> from) & ((BigInteger.One << length) - 1);

    private static uint Permute(ulong bytes, uint selector)
    {
        uint result = 0;
        for (int k = 0; k < 4; k++)
        {
            uint select = selector >> (4 * k);
            byte value = (byte)(bytes >> (int)(8 * (select & 7)));
            if ((select & 8) != 0) value = (byte)((value & 0x80) != 0 ? 255 : 0);
            result |= (uint)value << (8 * k);
        }
        return result;
    }

    private static uint Table(uint a, uint b, uint c, int table)
    {
        uint result = 0;
        for (int k = 0; k < 32; k++) result |= (uint)(table >> (int)(((a >> k & 1) << 2) | ((b >> k & 1) << 1) | (c >> k & 1)) & 1) << k;
        return result;
    }
}
