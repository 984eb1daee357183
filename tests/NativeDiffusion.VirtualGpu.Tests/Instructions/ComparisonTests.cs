using System.Numerics;
using Format = NativeDiffusion.VirtualGpu.Tests.Support.ExactNumber.Format;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>setp, set, selp, slct, testp.</summary>
public sealed class ComparisonTests
{
    public static TheoryData<string, string> Integers => IntegerTests.Pairs(["eq", "ne", "lt", "le", "gt", "ge"], ["u16", "s16", "u32", "s32", "u64", "s64"]);

    public static TheoryData<string, string> Floats => IntegerTests.Pairs(
        ["eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"], ["f16", "bf16", "f32", "f64"]);

    [Theory]
    [MemberData(nameof(Integers))]
    public void Integers_Compare(string comparison, string type)
    {
        int bits = IntegerTests.Bits(type);
        ulong[] values = Interesting.Integers(bits);
        InstructionRunner.Check(
            $"setp.{comparison}.{type} p, a, b;\nselp.u32 d, 1, 0, p;", 32, InstructionRunner.Operands([bits, bits], [values, values]), inputs =>
        {
            int order = BigInteger.Compare(IntegerTests.Value(inputs[0], type), IntegerTests.Value(inputs[1], type));
            return Holds(comparison, order) ? 1UL : 0;
        });
    }

    [Theory]
    [MemberData(nameof(Floats))]
    public void Floats_CompareOrderedAndUnordered(string comparison, string type)
    {
        (Format format, ulong[] values) = type switch
        {
            "f16" => (Format.Half, Interesting.Halves),
            "bf16" => (Format.BFloat, Interesting.BFloats),
            "f32" => (Format.Single, Interesting.Singles),
            _ => (Format.Double, Interesting.Doubles),
        };
        InstructionRunner.Check(
            $"setp.{comparison}.{type} p, a, b;\nselp.u32 d, 1, 0, p;", 32, InstructionRunner.Operands([format.Bits, format.Bits], [values, values]), inputs =>
        {
            ExactNumber a = ExactNumber.Decode(inputs[0], format), b = ExactNumber.Decode(inputs[1], format);
            bool isNan = a.Kind == NumberKind.Nan || b.Kind == NumberKind.Nan;
            if (comparison is "num" or "nan") return isNan == (comparison == "nan") ? 1UL : 0;
            if (isNan) return comparison.Length == 3 ? 1UL : 0;
            return Holds(comparison[..2], Order(a, b)) ? 1UL : 0;
        });
    }

    [Theory]
    [InlineData("and")]
    [InlineData("or")]
    [InlineData("xor")]
    public void BothPredicates_AreJoined(string join)
    {
        ulong[] values = [0, 1, 2];
        InstructionRunner.Check(
            $"setp.eq.u32 gone, c, 1;\nsetp.lt.{join}.u32 p|q, a, b, !gone;\nselp.u32 x, 1, 0, p;\nselp.u32 d, 2, 0, q;\nor.b32 d, d, x;", 32,
            InstructionRunner.Operands([32, 32, 32], [values, values, values], 0), inputs =>
            {
                bool less = inputs[0] < inputs[1], other = inputs[2] != 1;
                bool Join(bool x) => join switch { "and" => x && other, "or" => x || other, _ => x != other };
                return (Join(less) ? 1UL : 0) | (Join(!less) ? 2UL : 0);
            });
    }

    [Fact]
    public void PairsOfHalves_GiveTwoPredicates() =>
        InstructionRunner.Check("setp.lt.f16x2 p|q, a, b;\nselp.u32 x, 1, 0, p;\nselp.u32 d, 2, 0, q;\nor.b32 d, d, x;", 32,
            InstructionRunner.Operands([32, 32], [[0x3C00_0000, 0x0000_3C00, 0x7E00_BC00], [0x0000_3C00, 0x3C00_3C00, 0]], 0), inputs =>
            {
                bool Less(int shift) =>
                    BitConverter.UInt16BitsToHalf((ushort)(inputs[0] >> shift)) < BitConverter.UInt16BitsToHalf((ushort)(inputs[1] >> shift));
                return (Less(0) ? 1UL : 0) | (Less(16) ? 2UL : 0);
            });

    [Fact]
    public void Set_GivesOnesOrOne()
    {
        ulong[] values = [0, 5, 7, 0xFFFF_FFFF];
        (int, ulong[])[] operands = InstructionRunner.Operands([32, 32], [values, values], 0);
        InstructionRunner.Check("set.gt.u32.s32 d, a, b;", 32, operands, inputs => (int)inputs[0] > (int)inputs[1] ? 0xFFFF_FFFF : 0);
        InstructionRunner.Check("set.gt.f32.u32 d, a, b;", 32, operands, inputs => inputs[0] > inputs[1] ? 0x3F80_0000UL : 0);
        (int, ulong[])[] halves = InstructionRunner.Operands([32, 32], [[0x3C00_4000, 0x4000_3C00], [0x3C00_3C00, 0x4400_0000]], 0);
        InstructionRunner.Check("set.ge.f16x2.f16x2 d, a, b;", 32, halves, inputs =>
        {
            ulong One(int shift) => BitConverter.UInt16BitsToHalf((ushort)(inputs[0] >> shift)) >= BitConverter.UInt16BitsToHalf((ushort)(inputs[1] >> shift))
                ? 0x3C00UL << shift : 0;
            return One(0) | One(16);
        });
    }

    [Fact]
    public void Selections_TakeOneOrTheOther()
    {
        ulong[] values = [1, 0x8000_0000, 0, 77];
        InstructionRunner.Check(
            "slct.u32.s32 d, a, b, c;", 32, InstructionRunner.Operands([32, 32, 32], [values, values, values], 20), inputs =>
            (int)inputs[2] >= 0 ? inputs[0] : inputs[1]);
        InstructionRunner.Check("slct.u64.f32 d, a, b, c;", 64, InstructionRunner.Operands([64, 64, 32], [values, values, Interesting.Singles], 0), inputs =>
            BitConverter.UInt32BitsToSingle((uint)inputs[2]) >= 0 ? inputs[0] : inputs[1]);
        InstructionRunner.Check(
            "setp.ne.u64 p, c, 0;\nselp.b64 d, a, b, p;", 64, InstructionRunner.Operands([64, 64, 64], [values, values, values], 20), inputs =>
            inputs[2] != 0 ? inputs[0] : inputs[1]);
    }

    [Theory]
    [InlineData("finite")]
    [InlineData("infinite")]
    [InlineData("number")]
    [InlineData("notanumber")]
    [InlineData("normal")]
    [InlineData("subnormal")]
    public void Tests_TellTheKind(string kind)
    {
        InstructionRunner.Check(
            $"testp.{kind}.f32 p, a;\nselp.u32 d, 1, 0, p;", 32, [(32, Interesting.Singles)], inputs =>
            Is(kind, ExactNumber.Decode(inputs[0], Format.Single), (inputs[0] & 0x7F80_0000) == 0));
        InstructionRunner.Check(
            $"testp.{kind}.f64 p, a;\nselp.u32 d, 1, 0, p;", 32, [(64, Interesting.Doubles)], inputs =>
            Is(kind, ExactNumber.Decode(inputs[0], Format.Double), (inputs[0] & 0x7FF0_0000_0000_0000) == 0));
    }

    private static ulong Is(string kind, ExactNumber number, bool isSmall)
    {
        bool isFinite = number.Kind == NumberKind.Finite;
        bool holds = kind switch
        {
            "finite" => isFinite,
            "infinite" => number.Kind == NumberKind.Infinite,
            "number" => number.Kind != NumberKind.Nan,
            "notanumber" => number.Kind == NumberKind.Nan,
            "normal" => isFinite && !isSmall,
            _ => isFinite && isSmall && !number.IsZero,
        };
        return holds ? 1UL : 0;
    }

    private static int Order(ExactNumber a, ExactNumber b)
    {
        double Value(ExactNumber x) => x.Kind == NumberKind.Infinite ? x.IsNegative ? double.NegativeInfinity : double.PositiveInfinity : 0;
        if (a.Kind == NumberKind.Infinite || b.Kind == NumberKind.Infinite) return Value(a).CompareTo(Value(b));
        int exponent = Math.Min(a.Exponent, b.Exponent);
        BigInteger x = a.Mantissa << (a.Exponent - exponent), y = b.Mantissa << (b.Exponent - exponent);
        return BigInteger.Compare(a.IsNegative ? -x : x, b.IsNegative ? -y : y);
    }

    private static bool Holds(string comparison, int order) => comparison switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "lt" => order < 0,
        "le" => order <= 0,
        "gt" => order > 0,
        _ => order >= 0,
    };
}
