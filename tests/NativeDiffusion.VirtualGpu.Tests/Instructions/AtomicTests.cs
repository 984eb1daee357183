using System.Numerics;
using NativeDiffusion.VirtualGpu.Tests.RandomPrograms;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Each function of atom on each of its types: the stored value, and the returned previous value.</summary>
public sealed class AtomicTests
{
    public static TheoryData<string, string> Functions() =>
    [
        ("add", "u32"), ("add", "s32"), ("add", "u64"), ("add", "f32"), ("add", "f64"), ("add.noftz", "f16"), ("add.noftz", "bf16"), ("add.noftz", "f16x2"),
            ("add.noftz", "bf16x2"),
        ("min", "u32"), ("min", "s32"), ("min", "u64"), ("min", "s64"), ("max", "u32"), ("max", "s32"), ("max", "u64"), ("max", "s64"),
        ("and", "b32"), ("or", "b32"), ("xor", "b32"), ("and", "b64"), ("or", "b64"), ("xor", "b64"), ("exch", "b32"), ("exch", "b64"), ("inc", "u32"),
            ("dec", "u32"),
        ("cas", "b16"), ("cas", "b32"), ("cas", "b64"), ("min.noftz", "f16x2"), ("max.noftz", "f16x2"), ("min.noftz", "bf16x2"), ("max.noftz", "bf16"),
            ("min.noftz", "f16"),
    ];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Function_LeavesWhatItSays(string name, string type)
    {
        int bits = Op.Bits(type);
        ulong[] values = type switch
        {
            "f32" => Interesting.Singles,
            "f64" => Interesting.Doubles,
            "f16" or "bf16" => Interesting.Halves,
            "f16x2" or "bf16x2" => [.. Interesting.Halves.Select((half, k) => half | (Interesting.Halves[(k + 5) % Interesting.Halves.Length] << 16))],
            _ => Interesting.Integers(bits),
        };
        (int, ulong[])[] operands = InstructionRunner.Operands([bits, bits, bits], [values, values, name == "cas" ? values[..3] : [1]], 100);
        // Half of the comparisons match.
        if (name == "cas") operands[0].Item2.AsSpan(0, operands[0].Item2.Length / 2).CopyTo(operands[1].Item2);
        string third = name == "cas" ? ", c" : "";
        // Minima and maxima of halves exist only for vectors, in global memory.
        bool isVector = name.EndsWith(".noftz", StringComparison.Ordinal) && name[0] == 'm';
        foreach (string space in isVector ? (string[])["global"] : ["global", "shared"])
        {
            string at = space == "global" ? $"ld.param.u64 base, [pd]; mul.wide.u32 at, i, {bits / 8}; add.u64 at, at, base;"
                : $"mov.u64 base, s; mov.u32 x, %tid.x; mul.wide.u32 at, x, {bits / 8}; add.u64 at, at, base;";
            string code = $"{{ .shared .align 8 .b8 s[1024]; {at} st.{space}.b{bits} [at], a; atom.{space}.{name}.{type} d, [at], b{third};";
            InstructionRunner.Check(code + " }", bits, operands, x => x[0]);
            InstructionRunner.Check(code + $" ld.{space}.b{bits} d, [at]; }}", bits, operands, x => Expected(name, type, x[0], x[1], x[2], space == "global"));
            if (name is not ("cas" or "exch"))
                InstructionRunner.Check(
                    code.Replace("atom.", "red.", StringComparison.Ordinal).Replace(" d, [at]", " [at]", StringComparison.Ordinal)
                    + $" ld.{space}.b{bits} d, [at]; }}", bits, operands, x => Expected(name, type, x[0], x[1], x[2], space == "global"));
        }
    }

    [Fact]
    public void Vectors_AreElementByElement()
    {
        ulong[] values = [.. Interesting.Singles.Where(bits => (bits & 0x7f800000) != 0)];
        InstructionRunner.Check("""
            { .shared .align 16 .b8 s[2048]; .reg .b32 o0, o1; .reg .b64 g;
            ld.param.u64 base, [pd]; mul.wide.u32 at, i, 8; add.u64 g, at, base;
            st.global.v2.b32 [g], {a, b};
            atom.global.v2.f32.add {o0, o1}, [g], {b, a};
            red.global.v2.f32.add [g], {0f3F800000, 0f00000000};
            ld.global.b64 d, [g]; }
            """, 64, InstructionRunner.Operands([32, 32], [values, values], 0), x =>
            {
                ulong sum = Expected("add", "f32", x[0], x[1], 0, true);
                return Expected("add", "f32", sum, 0x3f800000, 0, true) | (sum << 32);
            });
    }

    private static ulong Expected(string name, string type, ulong old, ulong value, ulong swap, bool isGlobal)
    {
        int bits = Op.Bits(type);
        if (type.EndsWith("x2", StringComparison.Ordinal))
            return Expected(
                name, type[..^2], old & 0xffff, value & 0xffff, 0, isGlobal) | (Expected(name, type[..^2], old >> 16, value >> 16, 0, isGlobal) << 16);
        if (type is "f16" or "bf16" or "f32" or "f64")
        {
            if (name[0] == 'm') return FloatOps.Choose(type, name[..3], "", old, value);
            bool isFlushing = type == "f32" && isGlobal;
            ulong sum = FloatOps.Evaluate(type, "add", "rn", isFlushing ? [FloatOps.Flush(old), FloatOps.Flush(value)] : [old, value]);
            return isFlushing ? FloatOps.Flush(sum) : sum;
        }
        BigInteger x = type[0] == 'b' ? old : Numbers.Value(old, type), y = type[0] == 'b' ? value : Numbers.Value(value, type);
        return Numbers.Wrap(name switch
        {
            "add" => x + y,
            "min" => BigInteger.Min(x, y),
            "max" => BigInteger.Max(x, y),
            "and" => x & y,
            "or" => x | y,
            "xor" => x ^ y,
            "exch" => y,
            "inc" => x >= y ? 0 : x + 1,
            "dec" => x == 0 || x > y ? y : x - 1,
            _ => x == y ? swap : x,
        }, bits);
    }
}
