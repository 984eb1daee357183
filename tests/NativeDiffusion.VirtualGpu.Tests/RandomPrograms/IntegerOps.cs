using System.Numerics;
using static NativeDiffusion.VirtualGpu.Tests.RandomPrograms.Numbers;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Integer arithmetic, on integers of any size.</summary>
internal static class IntegerOps
{
    private static readonly string[] s_types = ["u16", "s16", "u32", "s32", "u64", "s64"];

    public static IEnumerable<Op> All => [.. s_types.SelectMany(OfType), .. Wide(), .. Others()];

    private static IEnumerable<Op> OfType(string type)
    {
        int bits = Width(type);
        Op Two(string name, Func<BigInteger, BigInteger, BigInteger> f) =>
            new($"{name}.{type} d, a, b;", Register(bits), [type, type], x => Wrap(f(Value(x[0], type), Value(x[1], type)), bits));
        yield return Two("add", (a, b) => a + b);
        yield return Two("sub", (a, b) => a - b);
        yield return Two("mul.lo", (a, b) => a * b);
        yield return Two("mul.hi", (a, b) => (a * b) >> bits);
        yield return Two("div", (a, b) => b == 0 ? -1 : BigInteger.Divide(a, b));
        yield return Two("rem", (a, b) => b == 0 ? a : BigInteger.Remainder(a, b));
        yield return Two("min", BigInteger.Min);
        yield return Two("max", BigInteger.Max);
        Op Three(string name, Func<BigInteger, BigInteger, BigInteger, BigInteger> f) =>
            new($"{name}.{type} d, a, b, c;", Register(bits), [type, type, type], x => Wrap(f(Value(x[0], type), Value(x[1], type), Value(x[2], type)), bits));
        yield return Three("mad.lo", (a, b, c) => (a * b) + c);
        yield return Three("sad", (a, b, c) => BigInteger.Abs(a - b) + c);
        if (bits > 16) yield return Three("mad.hi", (a, b, c) => ((a * b) >> bits) + c);
        if (type[0] == 'u') yield break;
        yield return new($"abs.{type} d, a;", Register(bits), [type], x => Wrap(BigInteger.Abs(Value(x[0], type)), bits));
        yield return new($"neg.{type} d, a;", Register(bits), [type], x => Wrap(-Value(x[0], type), bits));
    }

    private static IEnumerable<Op> Wide()
    {
        foreach (string type in (string[])["u16", "s16", "u32", "s32"])
        {
            int bits = Width(type);
            yield return new($"mul.wide.{type} d, a, b;", Register(2 * bits), [type, type], x => Wrap(Value(x[0], type) * Value(x[1], type), 2 * bits));
            yield return new(
                $"mad.wide.{type} d, a, b, c;", Register(2 * bits), [type, type, "b" + (2 * bits)], x =>
                Wrap((Value(x[0], type) * Value(x[1], type)) + x[2], 2 * bits));
        }
    }

    private static IEnumerable<Op> Others()
    {
        foreach (string type in (string[])["u32", "s32"])
        {
            BigInteger Low(ulong bits) => Value(bits & 0xffffff, type[0] + "24");
            foreach ((string half, int shift) in ((string, int)[])[("lo", 0), ("hi", 16)])
            {
                yield return new($"mul24.{half}.{type} d, a, b;", "b32", [type, type], x => Wrap((Low(x[0]) * Low(x[1])) >> shift, 32));
                yield return new($"mad24.{half}.{type} d, a, b, c;", "b32", [type, type, type], x => Wrap(((Low(x[0]) * Low(x[1])) >> shift) + x[2], 32));
            }
        }
        Func<ulong[], ulong> Twice(string type, Func<BigInteger, BigInteger, BigInteger> f) => x =>
            Wrap(f(Value(x[0], type), Value(x[1], type)), 16) | (Wrap(f(Value(x[0] >> 16, type), Value(x[1] >> 16, type)), 16) << 16);
        foreach (string type in (string[])["u16", "s16"])
        {
            yield return new($"add.{type}x2 d, a, b;", "b32", ["b32", "b32"], Twice(type, (a, b) => a + b));
            yield return new($"min.{type}x2 d, a, b;", "b32", ["b32", "b32"], Twice(type, BigInteger.Min));
            yield return new($"max.{type}x2 d, a, b;", "b32", ["b32", "b32"], Twice(type, BigInteger.Max));
        }
        yield return new("min.relu.s16x2 d, a, b;", "b32", ["b32", "b32"], Twice("s16", (a, b) => BigInteger.Max(0, BigInteger.Min(a, b))));
        yield return new(
            "max.relu.s32 d, a, b;", "b32", ["s32", "s32"], x => Wrap(BigInteger.Max(0, BigInteger.Max(Value(x[0], "s32"), Value(x[1], "s32"))), 32));
        BigInteger Clamp(BigInteger value) => BigInteger.Clamp(value, int.MinValue, int.MaxValue);
        yield return new("add.sat.s32 d, a, b;", "b32", ["s32", "s32"], x => Wrap(Clamp(Value(x[0], "s32") + Value(x[1], "s32")), 32));
        yield return new("sub.sat.s32 d, a, b;", "b32", ["s32", "s32"], x => Wrap(Clamp(Value(x[0], "s32") - Value(x[1], "s32")), 32));
        foreach (int bits in (int[])[32, 64])
        {
            string type = "u" + bits, register = Register(bits), low = bits == 64 ? "y" : "sw";
            yield return new(
                $"add.cc.{type} {low}, a, b;\naddc.{type} d, c, 0;", register, [type, type, type], x => Wrap((((BigInteger)x[0] + x[1]) >> bits) + x[2], bits));
            yield return new(
                $"sub.cc.{type} {low}, a, b;\nsubc.{type} d, c, 0;", register, [type, type, type], x => Wrap((BigInteger)x[2] - (x[0] < x[1] ? 1 : 0), bits));
            yield return new(
                $"sub.cc.{type} {low}, a, b;\naddc.{type} d, c, 0;", register, [type, type, type], x => Wrap((BigInteger)x[2] + (x[0] < x[1] ? 0 : 1), bits));
            yield return new(
                $"mad.lo.cc.{type} {low}, a, b, c;\nmadc.hi.{type} d, a, b, 0;", register, [type, type, type], x =>
                Wrap((((BigInteger)x[0] * x[1]) + x[2]) >> bits, bits));
        }
        foreach (string a in (string[])["u32", "s32"])
            foreach (string b in (string[])["u32", "s32"])
                yield return new($"dp4a.{a}.{b} d, a, b, c;", "b32", ["b32", "b32", "b32"], x =>
                {
                    BigInteger sum = x[2];
                    for (int k = 0; k < 32; k += 8) sum += Value(x[0] >> k, a[0] + "8") * Value(x[1] >> k, b[0] + "8");
                    return Wrap(sum, 32);
                });
    }

    private static string Register(int bits) => "b" + bits;
}
