using System.Numerics;
using Format = NativeDiffusion.VirtualGpu.Tests.Support.ExactNumber.Format;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.RandomPrograms.Numbers;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>cvt between all types.</summary>
internal static class ConversionOps
{
    private static readonly string[] s_integers = ["u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64"];
    private static readonly string[] s_floats = ["f16", "bf16", "f32", "f64"];

    public static IEnumerable<Op> All => [.. Integers(), .. ToFloats(), .. FromFloats(), .. Floats(), .. Packs()];

    private static IEnumerable<Op> Integers()
    {
        foreach (string to in s_integers)
            foreach (string from in s_integers)
            {
                yield return new($"cvt.{to}.{from} d, a;", Register(to), [Register(from)], x => Extend(Value(x[0], from), to));
                yield return new(
                    $"cvt.sat.{to}.{from} d, a;", Register(to), [Register(from)], x =>
                    Extend(BigInteger.Clamp(Value(x[0], from), Lowest(to), Highest(to)), to));
            }
    }

    private static IEnumerable<Op> ToFloats()
    {
        foreach (string to in (string[])["f16", "f32", "f64"])
            foreach (string from in s_integers)
                foreach (string mode in (string[])["rn", "rz", "rm", "rp"])
                    yield return new(
                        $"cvt.{mode}.{to}.{from} d, a;", Register(to), [Register(from)], x => Whole(Value(x[0], from)).Round(FloatOps.FormatOf(to), mode));
    }

    private static IEnumerable<Op> FromFloats()
    {
        foreach (string from in s_floats)
            foreach (string to in s_integers)
                foreach (string mode in (string[])["rni", "rzi", "rmi", "rpi"])
                    yield return new($"cvt.{mode}.{to}.{from} d, a;", Register(to), [Register(from)], x =>
                    {
                        ExactNumber number = ExactNumber.Decode(x[0], FloatOps.FormatOf(from));
                        if (number.Kind == NumberKind.Nan) return Width(to) == 64 || from == "f64" ? Extend(BigInteger.One << (Width(to) - 1), to) : 0;
                        if (number.Kind == NumberKind.Infinite) return Extend(number.IsNegative ? Lowest(to) : Highest(to), to);
                        return Extend(BigInteger.Clamp(Integer(number, mode), Lowest(to), Highest(to)), to);
                    });
    }

    private static IEnumerable<Op> Floats()
    {
        foreach (string to in (string[])["f16", "f32", "f64"])
        {
            foreach (string from in (string[])["f16", "f32", "f64"])
            {
                bool isNarrowing = FloatOps.FormatOf(to).Bits < FloatOps.FormatOf(from).Bits;
                foreach (string mode in isNarrowing ? (string[])["rn", "rz", "rm", "rp"] : [""])
                    yield return new(
                        $"cvt{(mode.Length > 0 ? "." + mode : "")}.{to}.{from} d, a;", Register(to), [Register(from)], x =>
                        Float(x[0], from, to, mode.Length > 0 ? mode : "rn"));
            }
            foreach (string mode in (string[])["rni", "rzi", "rmi", "rpi"])
                yield return new($"cvt.{mode}.{to}.{to} d, a;", Register(to), [Register(to)], x =>
                {
                    Format format = FloatOps.FormatOf(to);
                    ExactNumber number = ExactNumber.Decode(x[0], format);
                    if (number.Kind == NumberKind.Nan) return FloatOps.Nan(to);
                    if (number.Kind == NumberKind.Infinite) return x[0];
                    ulong bits = Whole(Integer(number, mode)).Round(format, "rn");
                    return bits | (x[0] & (1UL << (format.Bits - 1)));
                });
        }
        yield return new("cvt.f32.bf16 d, a;", "b32", ["b16"], x => Float(x[0], "bf16", "f32", "rn"));
        yield return new("cvt.rn.bf16.f32 d, a;", "b16", ["b32"], x => Float(x[0], "f32", "bf16", "rn"));
        yield return new("cvt.rz.bf16.f32 d, a;", "b16", ["b32"], x => Float(x[0], "f32", "bf16", "rz"));
    }

    private static IEnumerable<Op> Packs()
    {
        foreach (string type in (string[])["f16", "bf16"])
            foreach (string mode in (string[])["rn", "rz"])
                yield return new(
                    $"cvt.{mode}.{type}x2.f32 d, a, b;", "b32", ["f32", "f32"], x => (Float(x[0], "f32", type, mode) << 16) | Float(x[1], "f32", type, mode));
        foreach (string to in (string[])["u16", "s16"])
            yield return new($"cvt.pack.sat.{to}.s32 d, a, b;", "b32", ["s32", "s32"], x =>
                (Wrap(BigInteger.Clamp(Value(x[0], "s32"), Lowest(to), Highest(to)), 16) << 16) | Wrap(
                    BigInteger.Clamp(Value(x[1], "s32"), Lowest(to), Highest(to)), 16));
        foreach (string to in (string[])["u8", "s8"])
            yield return new($"cvt.pack.sat.{to}.s32.b32 d, a, b, c;", "b32", ["s32", "s32", "b32"], x =>
                ((x[2] & 0xffff) << 16) | (Wrap(BigInteger.Clamp(Value(x[0], "s32"), Lowest(to), Highest(to)), 8) << 8) | Wrap(
                    BigInteger.Clamp(Value(x[1], "s32"), Lowest(to), Highest(to)), 8));
    }

    /// <summary>The register type of a type; bytes are in words.</summary>
    private static string Register(string type) => type is "u8" or "s8" ? "b32" : "b" + Op.Bits(type);

    /// <summary>An integer in its register: narrower types are extended.</summary>
    private static ulong Extend(BigInteger value, string type)
    {
        ulong bits = Wrap(value, Width(type));
        return Wrap(Value(bits, type), Width(type) == 8 ? 32 : Width(type));
    }

    private static ExactNumber Whole(BigInteger value) => new(NumberKind.Finite, value.Sign < 0, BigInteger.Abs(value), 0);

    private static BigInteger Integer(ExactNumber number, string mode)
    {
        BigInteger value = number.IsNegative ? -number.Mantissa : number.Mantissa;
        if (number.Exponent >= 0) return value << number.Exponent;
        int drop = -number.Exponent;
        BigInteger floor = value >> drop, rest = value - (floor << drop), half = BigInteger.One << (drop - 1);
        bool isUp = mode switch
        {
            "rni" => rest > half || (rest == half && !floor.IsEven),
            "rzi" => value.Sign < 0 && !rest.IsZero,
            "rpi" => !rest.IsZero,
            _ => false,
        };
        return isUp ? floor + 1 : floor;
    }

    private static ulong Float(ulong bits, string from, string to, string mode)
    {
        ExactNumber number = ExactNumber.Decode(bits, FloatOps.FormatOf(from));
        // Between equal types it is a move.
        if (from == to) return number.Kind == NumberKind.Nan ? FloatOps.Nan(to) : bits;
        return number.Kind == NumberKind.Nan ? FloatOps.Nan(to) : number.Round(FloatOps.FormatOf(to), mode);
    }
}
