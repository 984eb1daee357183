using System.Numerics;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Integer instructions against BigInteger.</summary>
public sealed class IntegerTests
{
    public static TheoryData<string, string> Types => Pairs(
        ["add", "sub", "mul.lo", "mul.hi", "div", "rem", "min", "max"], ["u16", "s16", "u32", "s32", "u64", "s64"]);

    [Theory]
    [MemberData(nameof(Types))]
    public void TwoOperands_MatchBigInteger(string operation, string type)
    {
        int bits = Bits(type);
        ulong[] values = Interesting.Integers(bits);
        InstructionRunner.Check($"{operation}.{type} d, a, b;", bits, InstructionRunner.Operands([bits, bits], [values, values]), inputs =>
        {
            BigInteger a = Value(inputs[0], type), b = Value(inputs[1], type);
            BigInteger result = operation switch
            {
                "add" => a + b,
                "sub" => a - b,
                "mul.lo" => a * b,
                "mul.hi" => (a * b) >> bits,
                "div" => b == 0 ? -1 : BigInteger.Divide(a, b),
                "rem" => b == 0 ? a : BigInteger.Remainder(a, b),
                "min" => BigInteger.Min(a, b),
                _ => BigInteger.Max(a, b),
            };
            return Wrap(result, bits);
        });
    }

    [Theory]
    [InlineData("mad.lo", "u16")]
    [InlineData("mad.lo", "s32")]
    [InlineData("mad.lo", "u64")]
    [InlineData("mad.hi", "u32")]
    [InlineData("mad.hi", "s32")]
    [InlineData("mad.hi", "u64")]
    [InlineData("mad.hi", "s64")]
    [InlineData("sad", "u16")]
    [InlineData("sad", "s16")]
    [InlineData("sad", "u32")]
    [InlineData("sad", "s32")]
    [InlineData("sad", "u64")]
    [InlineData("sad", "s64")]
    [InlineData("mad24.lo", "u32")]
    [InlineData("mad24.lo", "s32")]
    [InlineData("mad24.hi", "u32")]
    [InlineData("mad24.hi", "s32")]
    public void ThreeOperands_MatchBigInteger(string operation, string type)
    {
        int bits = Bits(type);
        ulong[] values = [.. Interesting.Integers(bits).Where((_, i) => i % 2 == 0)];
        InstructionRunner.Check($"{operation}.{type} d, a, b, c;", bits, InstructionRunner.Operands([bits, bits, bits], [values, values, values]), inputs =>
        {
            BigInteger a = Value(inputs[0], type), b = Value(inputs[1], type), c = Value(inputs[2], type);
            bool isSigned = type[0] == 's';
            BigInteger product24 = Low24(inputs[0], isSigned) * Low24(inputs[1], isSigned);
            BigInteger result = operation switch
            {
                "mad.lo" => (a * b) + c,
                "mad.hi" => ((a * b) >> bits) + c,
                "mad24.lo" => product24 + c,
                "mad24.hi" => (product24 >> 16) + c,
                _ => BigInteger.Abs(a - b) + c,
            };
            return Wrap(result, bits);
        });
    }

    [Theory]
    [InlineData("u16")]
    [InlineData("s16")]
    [InlineData("u32")]
    [InlineData("s32")]
    public void Wide_MultipliesIntoTwiceTheBits(string type)
    {
        int bits = Bits(type);
        ulong[] values = Interesting.Integers(bits), sums = Interesting.Integers(2 * bits);
        InstructionRunner.Check(
            $"mul.wide.{type} d, a, b;", 2 * bits, InstructionRunner.Operands([bits, bits], [values, values]),
            inputs => Wrap(Value(inputs[0], type) * Value(inputs[1], type), 2 * bits));
        InstructionRunner.Check(
            $"mad.wide.{type} d, a, b, c;", 2 * bits, InstructionRunner.Operands([bits, bits, 2 * bits], [values, values, sums]),
            inputs => Wrap((Value(inputs[0], type) * Value(inputs[1], type)) + inputs[2], 2 * bits));
    }

    [Theory]
    [InlineData("abs.s16")]
    [InlineData("abs.s32")]
    [InlineData("abs.s64")]
    [InlineData("neg.s16")]
    [InlineData("neg.s32")]
    [InlineData("neg.s64")]
    [InlineData("not.b16")]
    [InlineData("not.b32")]
    [InlineData("not.b64")]
    [InlineData("cnot.b32")]
    [InlineData("cnot.b64")]
    public void OneOperand_MatchesBigInteger(string instruction)
    {
        string type = "s" + instruction[5..].TrimStart('.', 's', 'b');
        int bits = Bits(type);
        InstructionRunner.Check($"{instruction} d, a;", bits, InstructionRunner.Operands([bits], [Interesting.Integers(bits)]), inputs =>
        {
            BigInteger a = Value(inputs[0], type);
            return Wrap(instruction[..3] switch { "abs" => BigInteger.Abs(a), "neg" => -a, "not" => -a - 1, _ => a == 0 ? 1 : 0 }, bits);
        });
    }

    [Theory]
    [InlineData("popc.b32")]
    [InlineData("popc.b64")]
    [InlineData("clz.b32")]
    [InlineData("clz.b64")]
    [InlineData("bfind.u32")]
    [InlineData("bfind.s32")]
    [InlineData("bfind.u64")]
    [InlineData("bfind.s64")]
    [InlineData("bfind.shiftamt.u32")]
    [InlineData("bfind.shiftamt.s64")]
    public void Counts_MatchTheBitsOneByOne(string instruction)
    {
        int bits = instruction.EndsWith("64", StringComparison.Ordinal) ? 64 : 32;
        bool isSigned = instruction.Contains(".s", StringComparison.Ordinal) && !instruction.EndsWith(".u32", StringComparison.Ordinal);
        InstructionRunner.Check($"{instruction} d, a;", 32, InstructionRunner.Operands([bits], [Interesting.Integers(bits)]), inputs =>
        {
            string text = Convert.ToString((long)inputs[0], 2).PadLeft(bits, '0');
            text = text[^bits..];
            if (instruction.StartsWith("popc", StringComparison.Ordinal)) return (ulong)text.Count(digit => digit == '1');
            if (instruction.StartsWith("clz", StringComparison.Ordinal)) return (ulong)text.TakeWhile(digit => digit == '0').Count();
            char wanted = isSigned && text[0] == '1' ? '0' : '1';
            int index = text.IndexOf(wanted, StringComparison.Ordinal);
            return index < 0 ? uint.MaxValue : (ulong)(instruction.Contains("shiftamt", StringComparison.Ordinal) ? index : bits - 1 - index);
        });
    }

    [Fact]
    public void Saturation_StopsAtTheEnds()
    {
        ulong[] values = Interesting.Integers(32);
        (int, ulong[])[] operands = InstructionRunner.Operands([32, 32], [values, values]);
        InstructionRunner.Check("add.sat.s32 d, a, b;", 32, operands, inputs => Clamp(Value(inputs[0], "s32") + Value(inputs[1], "s32")));
        InstructionRunner.Check("sub.sat.s32 d, a, b;", 32, operands, inputs => Clamp(Value(inputs[0], "s32") - Value(inputs[1], "s32")));
    }

    [Fact]
    public void CarryChain_AddsAndSubtracts128Bits()
    {
        ulong[] values = Interesting.Integers(64);
        (int, ulong[])[] operands = InstructionRunner.Operands([64, 64], [values, values]);
        const string Split = "mov.b64 {x, y}, a;\nmov.b64 {z, n}, b;\n";
        InstructionRunner.Check(
            Split + "add.cc.u32 x, x, z;\naddc.u32 y, y, n;\nmov.b64 d, {x, y};", 64, operands, inputs => inputs[0] + inputs[1]);
        InstructionRunner.Check(
            Split + "sub.cc.u32 x, x, z;\nsubc.u32 y, y, n;\nmov.b64 d, {x, y};", 64, operands, inputs => inputs[0] - inputs[1]);
        InstructionRunner.Check(
            Split + "sub.cc.u32 x, x, z;\nsubc.cc.u32 y, y, n;\naddc.u32 x, 0, 0;\nmov.b64 d, {x, 0};", 64, operands, inputs =>
                inputs[0] >= inputs[1] ? 1UL : 0);
        InstructionRunner.Check(
            "add.cc.u64 w, a, b;\naddc.u64 d, 0, 0;", 64, operands, inputs => (ulong)((new BigInteger(inputs[0]) + inputs[1]) >> 64));
        InstructionRunner.Check(
            Split + "mad.lo.cc.u32 y, x, z, 0;\nmadc.hi.u32 n, x, z, 0;\nmov.b64 d, {y, n};", 64, operands, inputs => (ulong)(uint)inputs[0] * (uint)inputs[1]);
    }

    [Theory]
    [InlineData("u32", "u32")]
    [InlineData("s32", "u32")]
    [InlineData("u32", "s32")]
    [InlineData("s32", "s32")]
    public void DotProducts_MatchTheBytesOneByOne(string typeA, string typeB)
    {
        ulong[] values = [0, 1, 0x7F80_FF01, 0x8080_8080, 0x7F7F_7F7F, 0xFFFF_FFFF, 0x0102_0304, 0x8000_7FFF];
        (int, ulong[])[] operands = InstructionRunner.Operands([32, 32, 32], [values, values, values]);
        InstructionRunner.Check($"dp4a.{typeA}.{typeB} d, a, b, c;", 32, operands, inputs =>
        {
            BigInteger sum = Value(inputs[2], "s32");
            for (int i = 0; i < 4; i++) sum += Part(inputs[0], 8, i, typeA) * Part(inputs[1], 8, i, typeB);
            return Wrap(sum, 32);
        });
        foreach ((string half, int first) in (ReadOnlySpan<(string, int)>)[("lo", 0), ("hi", 2)])
        {
            InstructionRunner.Check($"dp2a.{half}.{typeA}.{typeB} d, a, b, c;", 32, operands, inputs =>
            {
                BigInteger sum = Value(inputs[2], "s32");
                for (int i = 0; i < 2; i++) sum += Part(inputs[0], 16, i, typeA) * Part(inputs[1], 8, first + i, typeB);
                return Wrap(sum, 32);
            });
        }
    }

    [Theory]
    [CombinatorialData]
    public void PackedIntegers_MatchThePartsOneByOne(
        [CombinatorialValues("vadd", "vsub", "vavrg", "vabsdiff", "vmin", "vmax")] string operation, [CombinatorialValues(2, 4)] int parts,
        [CombinatorialValues("u32", "s32")] string type, [CombinatorialValues("", ".sat", ".add")] string mode)
    {
        ulong[] values = [0, 1, 0x7F80_FF01, 0x8080_8080, 0x7F7F_7F7F, 0xFFFF_FFFF, 0x0102_0304, 0x8000_7FFF];
        int width = 32 / parts;
        BigInteger low = type == "s32" ? -(BigInteger.One << (width - 1)) : 0, high = low + (BigInteger.One << width) - 1;
        InstructionRunner.Check(
            $"{operation}{parts}.{type}.{type}.{type}{mode} d, a, b, c;", 32, InstructionRunner.Operands([32, 32, 32], [values, values, [5]], 50), inputs =>
        {
            BigInteger packed = 0, sum = inputs[2];
            for (int k = 0; k < parts; k++)
            {
                BigInteger a = Part(inputs[0], width, k, type), b = Part(inputs[1], width, k, type);
                BigInteger value = operation switch
                {
                    "vadd" => a + b,
                    "vsub" => a - b,
                    "vavrg" => (a + b + 1) >> 1,
                    "vabsdiff" => BigInteger.Abs(a - b),
                    "vmin" => BigInteger.Min(a, b),
                    _ => BigInteger.Max(a, b),
                };
                if (mode == ".sat") value = BigInteger.Clamp(value, low, high);
                ulong kept = Wrap(value, width);
                packed |= (BigInteger)kept << (width * k);
                sum += Part(kept, width, 0, type);
            }
            return Wrap(mode == ".add" ? sum : packed, 32);
        });
    }

    private static BigInteger Part(ulong word, int width, int index, string type) =>
        Value((word >> (width * index)) & ((1UL << width) - 1), type[0] + width.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static ulong Clamp(BigInteger value) => Wrap(BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, value)), 32);

    private static BigInteger Low24(ulong value, bool isSigned)
    {
        ulong low = value & 0xFF_FFFF;
        return isSigned && (low & 0x80_0000) != 0 ? new BigInteger(low) - 0x100_0000 : low;
    }

    internal static int Bits(string type) => int.Parse(type.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    internal static BigInteger Value(ulong bits, string type)
    {
        int width = Bits(type);
        BigInteger value = bits;
        return type[0] == 's' && (bits >> (width - 1) & 1) != 0 ? value - (BigInteger.One << width) : value;
    }

    internal static ulong Wrap(BigInteger value, int bits) => (ulong)(value & ((BigInteger.One << bits) - 1));

    internal static TheoryData<string, string> Pairs(string[] first, string[] second)
    {
        var data = new TheoryData<string, string>();
        foreach (string a in first)
            foreach (string b in second) data.Add(a, b);
        return data;
    }
}
