using System.Globalization;
using System.Numerics;
using static NativeDiffusion.VirtualGpu.Tests.RandomPrograms.Numbers;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Bits, one by one.</summary>
internal static class BitOps
{
    public static IEnumerable<Op> All => [.. Widths(), .. Fields(), .. Words(), .. Moves()];

    private static IEnumerable<Op> Widths()
    {
        foreach (int bits in (int[])[16, 32, 64])
        {
            string type = "b" + bits;
            ulong mask = Mask(bits);
            yield return new($"and.{type} d, a, b;", type, [type, type], x => x[0] & x[1]);
            yield return new($"or.{type} d, a, b;", type, [type, type], x => x[0] | x[1]);
            yield return new($"xor.{type} d, a, b;", type, [type, type], x => x[0] ^ x[1]);
            yield return new($"not.{type} d, a;", type, [type], x => ~x[0] & mask);
            yield return new($"cnot.{type} d, a;", type, [type], x => x[0] == 0 ? 1u : 0);
            yield return new($"mov.{type} d, a;", type, [type], x => x[0]);
            yield return new($"shl.{type} d, a, b;", type, [type, "b32"], x => x[1] >= (ulong)bits ? 0 : (x[0] << (int)x[1]) & mask);
            yield return new($"shr.u{bits} d, a, b;", type, [type, "b32"], x => x[1] >= (ulong)bits ? 0 : x[0] >> (int)x[1]);
            yield return new($"shr.s{bits} d, a, b;", type, [type, "b32"], x => Wrap(Value(x[0], "s" + bits) >> (int)Math.Min(x[1], 64), bits));
            yield return new($"selp.{type} d, a, b, c;", type, [type, type, "pred"], x => x[2] != 0 ? x[0] : x[1]);
            if (bits > 16) yield return new($"slct.{type}.s32 d, a, b, c;", type, [type, type, "s32"], x => (int)x[2] >= 0 ? x[0] : x[1]);
        }
        foreach ((string name, Func<ulong, ulong, ulong> f) in ((string, Func<ulong, ulong, ulong>)[])[("and", (a, b) => a & b), ("or", (a, b) => a | b),
            ("xor", (a, b) => a ^ b)])
            yield return new($"{name}.pred d, a, b;", "pred", ["pred", "pred"], x => f(x[0], x[1]));
        yield return new("not.pred d, a;", "pred", ["pred"], x => 1 - x[0]);
    }

    private static IEnumerable<Op> Fields()
    {
        foreach (int bits in (int[])[32, 64])
        {
            string type = "b" + bits;
            foreach (char sign in "us")
            {
                string kind = string.Create(CultureInfo.InvariantCulture, $"{sign}{bits}");
                yield return new(
                    $"bfe.{kind} d, a, b, c;", type, [kind, "u32", "u32"], x => Extract(x[0], (int)(x[1] & 255), (int)(x[2] & 255), bits, sign == 's'));
                yield return new($"bfind.{kind} d, a;", "b32", [kind], x => Find(x[0], bits, sign == 's'));
            }
            yield return new($"bfi.{type} d, a, b, c, 9;", type, [type, type, "u32"], x => Insert(x[0], x[1], (int)(x[2] & 255), 9, bits));
            yield return new($"brev.{type} d, a;", type, [type], x => Reverse(x[0], bits));
            yield return new($"popc.{type} d, a;", "b32", [type], x => Text(x[0], bits).Aggregate(0UL, (sum, digit) => sum + (digit == '1' ? 1u : 0)));
            yield return new($"clz.{type} d, a;", "b32", [type], x => (ulong)Text(x[0], bits).TakeWhile(digit => digit == '0').Count());
        }
    }

    private static IEnumerable<Op> Words()
    {
        foreach (int table in (int[])[0x96, 0xe8, 0x1d, 0xca, 0x40, 0xfe])
            yield return new(string.Create(CultureInfo.InvariantCulture, $"lop3.b32 d, a, b, c, 0x{table:x};"), "b32", ["b32", "b32", "b32"], x =>
            {
                ulong result = 0;
                for (int k = 0; k < 32; k++) result |= (ulong)(table >> (int)(((x[0] >> k & 1) * 4) + ((x[1] >> k & 1) * 2) + (x[2] >> k & 1)) & 1) << k;
                return result;
            });
        foreach ((string name, Func<bool, bool, bool> join) in ((string, Func<bool, bool, bool>)[])[("and", (a, b) => a && b), ("or", (a, b) => a || b)])
            yield return new(
                $"lop3.{name}.b32 sw|d, a, b, 0xff00ff00, 0x28, c;", "pred", ["b32", "b32", "pred"], x =>
                join(((x[0] ^ x[1]) & 0xff00ff00) != 0, x[2] != 0) ? 1u : 0);
        foreach (string mode in (string[])["", ".f4e", ".b4e", ".rc8", ".ecl", ".ecr", ".rc16"])
            yield return new($"prmt.b32{mode} d, a, b, c;", "b32", ["b32", "b32", "b32"], x => Permute(mode, x[0] | (x[1] << 32), x[2]));
        foreach (string mode in (string[])["wrap", "clamp"])
        {
            int Amount(ulong c) => (int)(mode == "wrap" ? c & 31 : Math.Min(c, 32));
            yield return new(
                $"shf.l.{mode}.b32 d, a, b, c;", "b32", ["b32", "b32", "u32"], x => Wrap(((((BigInteger)x[1] << 32) | x[0]) << Amount(x[2])) >> 32, 32));
            yield return new($"shf.r.{mode}.b32 d, a, b, c;", "b32", ["b32", "b32", "u32"], x => Wrap((((BigInteger)x[1] << 32) | x[0]) >> Amount(x[2]), 32));
            yield return new($"bmsk.{mode}.b32 d, a, b;", "b32", ["u32", "u32"], x => Ones(mode, x[0], x[1]));
            foreach (char sign in "us")
                yield return new($"szext.{mode}.{sign}32 d, a, b;", "b32", [sign + "32", "u32"], x => SignOrZero(mode, x[0], x[1], sign == 's'));
        }
    }

    private static IEnumerable<Op> Moves()
    {
        yield return new("mov.b64 d, {a, b};", "b64", ["b32", "b32"], x => x[0] | (x[1] << 32));
        yield return new("mov.b32 d, {a, b};", "b32", ["b16", "b16"], x => x[0] | (x[1] << 16));
        yield return new("mov.b64 {d, sw}, a;", "b32", ["b64"], x => x[0] & 0xffffffff);
        yield return new("mov.b64 {sw, d}, a;", "b32", ["b64"], x => x[0] >> 32);
        yield return new("mov.b32 {sh, d}, a;", "b16", ["b32"], x => x[0] >> 16);
    }

    private static string Text(ulong value, int bits) => string.Concat(Enumerable.Range(0, bits).Select(k => (value >> (bits - 1 - k) & 1) != 0 ? '1' : '0'));

    private static ulong Reverse(ulong value, int bits)
    {
        ulong result = 0;
        for (int k = 0; k < bits; k++) result |= (value >> k & 1) << (bits - 1 - k);
        return result;
    }

    private static ulong Find(ulong value, int bits, bool isSigned)
    {
        string text = Text(value, bits);
        int at = text.IndexOf(isSigned && text[0] == '1' ? '0' : '1', StringComparison.Ordinal);
        return at < 0 ? uint.MaxValue : (ulong)(bits - 1 - at);
    }

    private static ulong Extract(ulong value, int from, int length, int bits, bool isSigned)
    {
        // The sign is the field's top bit, or the word's where the field goes beyond it.
        ulong sign = isSigned && length > 0 ? value >> Math.Min(from + length - 1, bits - 1) & 1 : 0, result = 0;
        for (int k = 0; k < bits; k++) result |= (k < length && from + k < bits ? value >> (from + k) & 1 : sign) << k;
        return result;
    }

    private static ulong Insert(ulong value, ulong into, int from, int length, int bits)
    {
        for (int k = from; k < Math.Min(from + length, bits); k++) into = (into & ~(1UL << k)) | ((value >> (k - from) & 1) << k);
        return into;
    }

    private static ulong Ones(string mode, ulong from, ulong length)
    {
        if (mode == "wrap") (from, length) = (from & 31, length & 31);
        ulong result = 0;
        for (ulong k = from; k < Math.Min(32, from + length); k++) result |= 1UL << (int)k;
        return result;
    }

    private static ulong SignOrZero(string mode, ulong value, ulong length, bool isSigned)
    {
        if (mode == "wrap") length &= 31;
        if (length >= 32) return value;
        return length == 0 ? 0 : Wrap(Value(value, (isSigned ? "s" : "u") + length), 32);
    }

    private static ulong Permute(string mode, ulong bytes, ulong selector)
    {
        int s = (int)(selector & 3);
        int[] places = mode switch
        {
            ".f4e" => [s, s + 1, s + 2, s + 3],
            ".b4e" => [s, (s + 7) & 7, (s + 6) & 7, (s + 5) & 7],
            ".rc8" => [s, s, s, s],
            ".ecl" => [s, Math.Max(s, 1), Math.Max(s, 2), 3],
            ".ecr" => [0, Math.Min(s, 1), Math.Min(s, 2), s],
            ".rc16" => [(s & 1) * 2, ((s & 1) * 2) + 1, (s & 1) * 2, ((s & 1) * 2) + 1],
            _ => [.. Enumerable.Range(0, 4).Select(k => (int)(selector >> (4 * k) & 15))],
        };
        ulong result = 0;
        for (int k = 0; k < 4; k++)
        {
            ulong part = bytes >> (8 * (places[k] & 7)) & 255;
            if (places[k] >= 8) part = part >= 128 ? 255u : 0;
            result |= part << (8 * k);
        }
        return result;
    }
}
