using System.Numerics;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.RandomPrograms.Numbers;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>setp, set, testp.</summary>
internal static class CompareOps
{
    public static IEnumerable<Op> All => [.. Integers(), .. Floats(), .. Tests()];

    private static IEnumerable<Op> Integers()
    {
        foreach (string type in (string[])["u16", "s16", "u32", "s32", "u64", "s64"])
            foreach (string name in (string[])["eq", "ne", "lt", "le", "gt", "ge"])
            {
                bool Test(ulong[] x) => Holds(name, Value(x[0], type).CompareTo(Value(x[1], type)));
                yield return new($"setp.{name}.{type} d, a, b;", "pred", [type, type], x => Test(x) ? 1u : 0);
                if (name is "eq" or "lt") yield return new(
                    $"setp.{name}.and.{type} d, a, b, c;", "pred", [type, type, "pred"], x => Test(x) && x[2] != 0 ? 1u : 0);
                if (name is "ne" or "ge") yield return new(
                    $"setp.{name}.xor.{type} d, a, b, !c;", "pred", [type, type, "pred"], x => Test(x) != (x[2] == 0) ? 1u : 0);
                if (name is "gt") yield return new($"setp.{name}.or.{type} sp|d, a, b, c;", "pred", [type, type, "pred"], x => !Test(x) || x[2] != 0 ? 1u : 0);
                if (name is "le" && type is "u32" or "s64") yield return new(
                    $"set.{name}.u32.{type} d, a, b;", "b32", [type, type], x => Test(x) ? uint.MaxValue : 0);
                if (name is "eq" && type is "s32" or "u16") yield return new(
                    $"set.{name}.f32.{type} d, a, b;", "b32", [type, type], x => Test(x) ? 0x3f800000u : 0);
            }
    }

    private static IEnumerable<Op> Floats()
    {
        foreach (string type in (string[])["f32", "f64", "f16", "bf16"])
            foreach (string name in (string[])["eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"])
            {
                bool Test(ulong[] x)
                {
                    double a = Number(x[0], type), b = Number(x[1], type);
                    bool isNan = double.IsNaN(a) || double.IsNaN(b);
                    return name switch { "num" => !isNan, "nan" => isNan, _ => isNan ? name.Length == 3 : Holds(name[..2], a < b ? -1 : a > b ? 1 : 0) };
                }
                yield return new($"setp.{name}.{type} d, a, b;", "pred", [type, type], x => Test(x) ? 1u : 0);
                if (name is "ltu") yield return new(
                    $"setp.{name}.and.{type} sp|d, a, b, c;", "pred", [type, type, "pred"], x => !Test(x) && x[2] != 0 ? 1u : 0);
            }
        yield return new("slct.f32.f32 d, a, b, c;", "b32", ["f32", "f32", "f32"], x => Number(x[2], "f32") >= 0 ? x[0] : x[1]);
    }

    private static IEnumerable<Op> Tests()
    {
        foreach (string type in (string[])["f32", "f64"])
            foreach (string name in (string[])["finite", "infinite", "number", "notanumber", "normal", "subnormal"])
                yield return new($"testp.{name}.{type} d, a;", "pred", [type], x =>
                {
                    double value = Number(x[0], type);
                    bool isSmall = value != 0 && Math.Abs(value) < (type == "f32" ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
                    bool holds = name switch
                    {
                        "finite" => double.IsFinite(value),
                        "infinite" => double.IsInfinity(value),
                        "number" => !double.IsNaN(value),
                        "notanumber" => double.IsNaN(value),
                        "normal" => double.IsFinite(value) && value != 0 && !isSmall,
                        _ => isSmall,
                    };
                    return holds ? 1u : 0;
                });
    }

    private static bool Holds(string name, int order) =>
        name switch { "eq" => order == 0, "ne" => order != 0, "lt" => order < 0, "le" => order <= 0, "gt" => order > 0, _ => order >= 0 };

    private static double Number(ulong bits, string type)
    {
        ExactNumber number = ExactNumber.Decode(bits, FloatOps.FormatOf(type));
        if (number.Kind == NumberKind.Nan) return double.NaN;
        return BitConverter.UInt64BitsToDouble(number.Round(ExactNumber.Format.Double, "rn"));
    }
}
