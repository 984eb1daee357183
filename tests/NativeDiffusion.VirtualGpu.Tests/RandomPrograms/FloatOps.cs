using Format = NativeDiffusion.VirtualGpu.Tests.Support.ExactNumber.Format;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Floating-point arithmetic, exact and then rounded once.</summary>
internal static class FloatOps
{
    private static readonly string[] s_modes = ["rn", "rz", "rm", "rp"];

    public static IEnumerable<Op> All =>
        [.. OfType("f32"), .. OfType("f64"), .. Flushing(), .. Halves("f16"), .. Halves("bf16"), .. Pairs("f16"), .. Pairs("bf16")];

    public static Format FormatOf(string type) => type switch { "f64" => Format.Double, "f32" => Format.Single, "f16" => Format.Half, _ => Format.BFloat };

    private static IEnumerable<Op> OfType(string type)
    {
        string register = type == "f64" ? "b64" : "b32";
        foreach (string mode in s_modes)
        {
            foreach (string name in (string[])["add", "sub", "mul", "div"])
                yield return new($"{name}.{mode}.{type} d, a, b;", register, [type, type], x => Evaluate(type, name, mode, x));
            yield return new($"fma.{mode}.{type} d, a, b, c;", register, [type, type, type], x => Evaluate(type, "fma", mode, x));
            yield return new($"sqrt.{mode}.{type} d, a;", register, [type], x => Evaluate(type, "sqrt", mode, x));
            yield return new($"rcp.{mode}.{type} d, a;", register, [type], x => Evaluate(type, "rcp", mode, x));
        }
        foreach (string name in (string[])["min", "max"])
            yield return new($"{name}.{type} d, a, b;", register, [type, type], x => Choose(type, name, "", x[0], x[1]));
        foreach (string name in (string[])["min.NaN", "max.NaN", "min.xorsign.abs", "max.xorsign.abs"])
            if (type == "f32") yield return new($"{name}.{type} d, a, b;", register, [type, type], x => Choose(type, name[..3], name[3..], x[0], x[1]));
        foreach (string name in (string[])["min", "max"])
            if (type == "f32") yield return new(
                $"{name}.{type} d, a, b, c;", register, [type, type, type], x => Choose(type, name, "", Choose(type, name, "", x[0], x[1]), x[2]));
        ulong sign = 1UL << (FormatOf(type).Bits - 1);
        yield return new($"abs.{type} d, a;", register, [type], x => x[0] & ~sign);
        yield return new($"neg.{type} d, a;", register, [type], x => x[0] ^ sign);
        yield return new($"copysign.{type} d, a, b;", register, [type, type], x => (x[0] & sign) | (x[1] & ~sign));
    }

    private static IEnumerable<Op> Flushing()
    {
        foreach (string name in (string[])["add", "sub", "mul"])
        {
            yield return new($"{name}.ftz.f32 d, a, b;", "b32", ["f32", "f32"], x => Flush(Evaluate("f32", name, "rn", [Flush(x[0]), Flush(x[1])])));
            yield return new($"{name}.rn.sat.f32 d, a, b;", "b32", ["f32", "f32"], x => Saturate(Evaluate("f32", name, "rn", x)));
        }
        yield return new(
            "fma.rn.ftz.sat.f32 d, a, b, c;", "b32", ["f32", "f32", "f32"], x =>
            Saturate(Flush(Evaluate("f32", "fma", "rn", [Flush(x[0]), Flush(x[1]), Flush(x[2])]))));
        yield return new(
            "fma.rz.ftz.f32 d, a, b, c;", "b32", ["f32", "f32", "f32"], x => Flush(Evaluate("f32", "fma", "rz", [Flush(x[0]), Flush(x[1]), Flush(x[2])])));
    }

    private static IEnumerable<Op> Halves(string type)
    {
        foreach (string name in (string[])["add", "sub", "mul"]) yield return new(
            $"{name}.rn.{type} d, a, b;", "b16", [type, type], x => Evaluate(type, name, "rn", x));
        yield return new($"fma.rn.{type} d, a, b, c;", "b16", [type, type, type], x => Evaluate(type, "fma", "rn", x));
        yield return new($"fma.rn.relu.{type} d, a, b, c;", "b16", [type, type, type], x => Relu(type, Evaluate(type, "fma", "rn", x)));
        foreach (string name in (string[])["min", "max"])
        {
            yield return new($"{name}.{type} d, a, b;", "b16", [type, type], x => Choose(type, name, "", x[0], x[1]));
            yield return new($"{name}.NaN.{type} d, a, b;", "b16", [type, type], x => Choose(type, name, ".NaN", x[0], x[1]));
            yield return new($"{name}.xorsign.abs.{type} d, a, b;", "b16", [type, type], x => Choose(type, name, ".xorsign.abs", x[0], x[1]));
        }
        yield return new($"abs.{type} d, a;", "b16", [type], x => x[0] & 0x7fff);
        yield return new($"neg.{type} d, a;", "b16", [type], x => x[0] ^ 0x8000);
    }

    private static IEnumerable<Op> Pairs(string type)
    {
        Func<ulong[], ulong> Twice(Func<ulong[], ulong> f) => x => f([.. x.Select(value => value & 0xffff)]) | (f([.. x.Select(value => value >> 16)]) << 16);
        foreach (string name in (string[])["add", "sub", "mul"]) yield return new(
            $"{name}.{type}x2 d, a, b;", "b32", ["b32", "b32"], Twice(x => Evaluate(type, name, "rn", x)));
        yield return new($"fma.rn.{type}x2 d, a, b, c;", "b32", ["b32", "b32", "b32"], Twice(x => Evaluate(type, "fma", "rn", x)));
        foreach (string name in (string[])["min", "max"]) yield return new(
            $"{name}.{type}x2 d, a, b;", "b32", ["b32", "b32"], Twice(x => Choose(type, name, "", x[0], x[1])));
    }

    public static ulong Evaluate(string type, string name, string mode, ulong[] inputs)
    {
        Format format = FormatOf(type);
        ExactNumber a = ExactNumber.Decode(inputs[0], format), b = inputs.Length > 1 ? ExactNumber.Decode(inputs[1], format) : a;
        (ExactNumber value, bool isOpen) = name switch
        {
            "add" => ExactNumber.Add(a, b),
            "sub" => ExactNumber.Add(a, -b),
            "mul" => (ExactNumber.Multiply(a, b), false),
            "div" => (ExactNumber.Divide(a, b), false),
            "rcp" => (ExactNumber.Divide(new ExactNumber(NumberKind.Finite, false, 1, 0), a), false),
            "sqrt" => (ExactNumber.SquareRoot(a), false),
            _ => ExactNumber.Add(ExactNumber.Multiply(a, b), ExactNumber.Decode(inputs[2], format)),
        };
        return value.Kind == NumberKind.Nan ? Nan(type) : value.Round(format, mode, isOpen);
    }

    public static ulong Nan(string type) => FormatOf(type).Nan;

    /// <summary>The smaller or larger: numbers have precedence over NaN unless NaN is requested, and minus zero is below zero.</summary>
    public static ulong Choose(string type, string name, string how, ulong a, ulong b)
    {
        Format format = FormatOf(type);
        ulong sign = 1UL << (format.Bits - 1), signs = (a ^ b) & sign;
        if (how == ".xorsign.abs") (a, b) = (a & ~sign, b & ~sign);
        bool isNanA = (a & ~sign) > format.Infinity, isNanB = (b & ~sign) > format.Infinity;
        ulong chosen;
        if (isNanA && isNanB) chosen = Nan(type);
        else if (isNanA || isNanB) chosen = how == ".NaN" ? Nan(type) : isNanA ? b : a;
        else
        {
            // Sign and magnitude are in the order of the numbers.
            System.Numerics.BigInteger x = (a & sign) != 0 ? -(System.Numerics.BigInteger)(a & ~sign) - 1 : a, y = (b & sign) != 0
                ? -(System.Numerics.BigInteger)(b & ~sign) - 1 : b;
            chosen = x < y == (name == "min") ? a : b;
        }
        return how == ".xorsign.abs" && chosen != Nan(type) ? chosen | signs : chosen;
    }

    public static ulong Flush(ulong bits) => (bits & 0x7f800000) == 0 ? bits & 0x80000000 : bits;

    /// <summary>Clamps to 0 … 1; NaN becomes 0.</summary>
    private static ulong Saturate(ulong bits) => (bits & 0x7fffffff) > 0x7f800000 || (bits & 0x80000000) != 0 ? 0 : Math.Min(bits, 0x3f800000);

    private static ulong Relu(string type, ulong bits) => (bits & 0x7fff) > FormatOf(type).Infinity ? bits : (bits & 0x8000) != 0 ? 0 : bits;
}
