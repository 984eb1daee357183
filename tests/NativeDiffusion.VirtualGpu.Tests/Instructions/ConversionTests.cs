using System.Numerics;
using Format = NativeDiffusion.VirtualGpu.Tests.Support.ExactNumber.Format;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>cvt in all directions against exact numbers.</summary>
public sealed class ConversionTests
{
    private static readonly string[] s_integers = ["u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64"];

    public static TheoryData<string, string> IntegerPairs => IntegerTests.Pairs(s_integers, s_integers);

    public static TheoryData<string, string> FloatToInteger => IntegerTests.Pairs(["f16", "bf16", "f32", "f64"], s_integers);

    public static TheoryData<string, string> IntegerToFloat => IntegerTests.Pairs(s_integers, ["f16", "f32", "f64"]);

    /// <summary>Without conversions to the same type, which round to integers.</summary>
    public static TheoryData<string, string> FloatPairs
    {
        get
        {
            var data = new TheoryData<string, string>();
            string[] types = ["f16", "f32", "f64", "bf16"];
            foreach (string from in types)
                foreach (string to in types)
                    if (from != to) data.Add(from, to);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(IntegerPairs))]
    public void IntegerToInteger_WrapsOrSaturates(string from, string to)
    {
        int bits = IntegerTests.Bits(from), width = IntegerTests.Bits(to), register = Math.Max(16, bits), result = Math.Max(16, width);
        (int, ulong[])[] operands = [(register, Interesting.Integers(bits))];
        foreach (string saturation in (string[])["", ".sat"])
        {
            InstructionRunner.Check($"cvt{saturation}.{to}.{from} d, a;", result, operands, inputs =>
            {
                BigInteger value = IntegerTests.Value(inputs[0], from);
                if (saturation.Length > 0) value = BigInteger.Max(Least(to), BigInteger.Min(Most(to), value));
                // A result narrower than its register is extended into it.
                ulong wrapped = IntegerTests.Wrap(value, width);
                return IntegerTests.Wrap(IntegerTests.Value(wrapped, to), result);
            });
        }
    }

    [Theory]
    [MemberData(nameof(FloatToInteger))]
    public void FloatToInteger_RoundsAndClamps(string from, string to)
    {
        Format format = Find(from);
        int width = IntegerTests.Bits(to), result = Math.Max(16, width);
        (int, ulong[])[] operands = InstructionRunner.Operands([format.Bits], [Values(from)], 500);
        foreach (string mode in (string[])["rni", "rzi", "rmi", "rpi"])
        {
            InstructionRunner.Check($"cvt.{mode}.{to}.{from} d, a;", result, operands, inputs =>
            {
                ExactNumber number = ExactNumber.Decode(inputs[0], format);
                // NaN: the manual specifies only the sign bit for doubles and 64-bit results, zero otherwise.
                if (number.Kind == NumberKind.Nan) return from == "f64"
                    || width == 64 ? IntegerTests.Wrap(IntegerTests.Value(1UL << (width - 1), to), result) : 0;
                BigInteger value = number.Kind == NumberKind.Infinite ? number.IsNegative ? Least(to) : Most(to) : Whole(number, mode);
                value = BigInteger.Max(Least(to), BigInteger.Min(Most(to), value));
                return IntegerTests.Wrap(value, result);
            });
        }
    }

    [Theory]
    [MemberData(nameof(IntegerToFloat))]
    public void IntegerToFloat_EveryRounding_IsExact(string from, string to)
    {
        Format format = Find(to);
        int bits = IntegerTests.Bits(from), register = Math.Max(16, bits);
        (int, ulong[])[] operands = InstructionRunner.Operands([register], [Interesting.Integers(bits)], 0);
        foreach (string mode in (string[])["rn", "rz", "rm", "rp"])
        {
            InstructionRunner.Check($"cvt.{mode}.{to}.{from} d, a;", format.Bits, operands, inputs =>
            {
                BigInteger value = IntegerTests.Value(inputs[0], from);
                return new ExactNumber(NumberKind.Finite, value.Sign < 0, BigInteger.Abs(value), 0).Round(format, mode);
            });
        }
    }

    [Theory]
    [MemberData(nameof(FloatPairs))]
    public void FloatToFloat_EveryRounding_IsExact(string from, string to)
    {
        Format source = Find(from), target = Find(to);
        bool isNarrowing = target.MantissaBits < source.MantissaBits || target.ExponentBits < source.ExponentBits;
        (int, ulong[])[] operands = InstructionRunner.Operands([source.Bits], [Values(from)], 3000);
        foreach (string mode in isNarrowing ? (string[])["rn", "rz", "rm", "rp"] : [""])
        {
            if (mode is "rm" or "rp" && to is "f16" or "bf16") continue;
            string text = mode.Length > 0 ? "." + mode : "";
            InstructionRunner.Check($"cvt{text}.{to}.{from} d, a;", target.Bits, operands, inputs =>
                ExactNumber.Decode(inputs[0], source).Round(target, mode.Length > 0 ? mode : "rn"));
        }
    }

    [Theory]
    [InlineData("f32")]
    [InlineData("f64")]
    [InlineData("f16")]
    public void SameType_RoundsToWholeNumbers(string type)
    {
        Format format = Find(type);
        (int, ulong[])[] operands = InstructionRunner.Operands([format.Bits], [Values(type)], 500);
        foreach (string mode in (string[])["rni", "rzi", "rmi", "rpi"])
        {
            InstructionRunner.Check($"cvt.{mode}.{type}.{type} d, a;", format.Bits, operands, inputs =>
            {
                ExactNumber number = ExactNumber.Decode(inputs[0], format);
                if (number.Kind != NumberKind.Finite) return number.Round(format, "rn");
                BigInteger value = Whole(number, mode);
                return new ExactNumber(NumberKind.Finite, number.IsNegative, BigInteger.Abs(value), 0).Round(format, "rn");
            });
        }
    }

    [Fact]
    public void Pairs_PutTheFirstSourceAbove()
    {
        (int, ulong[])[] operands = InstructionRunner.Operands([32, 32], [Interesting.Singles, Interesting.Singles], 500);
        foreach ((string type, Format format) in (ReadOnlySpan<(string, Format)>)[("f16x2", Format.Half), ("bf16x2", Format.BFloat)])
        {
            foreach (string mode in (string[])["rn", "rz"])
            {
                InstructionRunner.Check($"cvt.{mode}.{type}.f32 d, a, b;", 32, operands, inputs =>
                    (ExactNumber.Decode(inputs[0], Format.Single).Round(format, mode) << 16) | ExactNumber.Decode(
                        inputs[1], Format.Single).Round(format, mode));
            }
        }
    }

    [Fact]
    public void TensorFloat32_RoundsAwayOnTies()
    {
        InstructionRunner.Check(
            "cvt.rna.tf32.f32 d, a;", 32, InstructionRunner.Operands(
            [32], [[.. Interesting.Singles.Where(bits => (bits & 0x7F80_0000) != 0x7F80_0000)]], 500), inputs =>
        {
            if ((inputs[0] & 0x7F80_0000) == 0x7F80_0000) return (inputs[0] & 0x7F_FFFF) != 0 ? 0x7FFF_E000 : inputs[0];
            ulong magnitude = ((inputs[0] & 0x7FFF_FFFF) + 0x1000) & ~0x1FFFUL;
            return (inputs[0] & 0x8000_0000) | magnitude;
        });
    }

    [Fact]
    public void EightBitFloats_AgreeWithTheirTables()
    {
        // All 256 values decoded by the definition, both formats; NaN has many codes.
        foreach ((string type, int exponentBits, int mantissaBits) in (ReadOnlySpan<(string, int, int)>)[("e4m3", 4, 3), ("e5m2", 5, 2)])
        {
            ulong[] codes = [.. Enumerable.Range(0, 256).Select(code => (ulong)(code | (255 - code) << 8))];
            InstructionRunner.Check($"cvt.rn.f16x2.{type}x2 d, a;", 32, [(16, codes)], inputs =>
                Decode(inputs[0] & 255, exponentBits, mantissaBits) | (Decode(inputs[0] >> 8, exponentBits, mantissaBits) << 16));
            float[] values = [.. codes.Select(code => (float)BitConverter.UInt16BitsToHalf((ushort)Decode(code & 255, exponentBits, mantissaBits)))];
            ulong[] singles = [.. values.Select(value => (ulong)BitConverter.SingleToUInt32Bits(value))];
            ulong[] results = InstructionRunner.Run($"cvt.rn.satfinite.{type}x2.f32 h, a, a;\ncvt.u32.u16 d, h;", 32, (32, singles));
            for (int i = 0; i < results.Length; i++)
                if (float.IsFinite(values[i])) Assert.Equal((codes[i] & 255) * 0x101, results[i]);
        }
        ulong[] large = [BitConverter.SingleToUInt32Bits(1e9f), BitConverter.SingleToUInt32Bits(-1e9f)];
        Assert.Equal([0x7E7EUL, 0xFEFEUL], InstructionRunner.Run("cvt.rn.satfinite.e4m3x2.f32 h, a, a;\ncvt.u32.u16 d, h;", 32, (32, large)));
    }

    [Fact]
    public void PackedIntegers_SaturateAndShiftIn()
    {
        ulong[] values = Interesting.Integers(32);
        InstructionRunner.Check(
            "cvt.pack.sat.u8.s32.b32 d, a, b, c;", 32, InstructionRunner.Operands([32, 32, 32], [values, values, [0x1234_5678]], 0), inputs =>
        {
            ulong Clamp(ulong bits) => (ulong)Math.Clamp((int)bits, 0, 255);
            return (inputs[2] << 16 & 0xFFFF_0000) | (Clamp(inputs[0]) << 8) | Clamp(inputs[1]);
        });
        InstructionRunner.Check("cvt.pack.sat.s16.s32 d, a, b;", 32, InstructionRunner.Operands([32, 32], [values, values], 0), inputs =>
        {
            ulong Clamp(ulong bits) => (ushort)(short)Math.Clamp((int)bits, short.MinValue, short.MaxValue);
            return (Clamp(inputs[0]) << 16) | Clamp(inputs[1]);
        });
    }

    private static ulong Decode(ulong code, int exponentBits, int mantissaBits)
    {
        ulong sign = code >> 7 << 15, mantissa = code & ((1UL << mantissaBits) - 1);
        int exponent = (int)(code >> mantissaBits & ((1UL << exponentBits) - 1)), bias = (1 << (exponentBits - 1)) - 1, all = (1 << exponentBits) - 1;
        bool isE4 = exponentBits == 4;
        if (exponent == all && (isE4 ? mantissa == 7 : mantissa != 0)) return 0x7FFF;
        if (exponent == all && !isE4) return sign | 0x7C00;
        double value = exponent == 0 ? mantissa * Math.Pow(2, 1 - bias - mantissaBits)
            : (mantissa + Math.Pow(2, mantissaBits)) * Math.Pow(2, exponent - bias - mantissaBits);
        return sign | BitConverter.HalfToUInt16Bits((Half)value);
    }

    private static Format Find(string type) => type switch { "f16" => Format.Half, "bf16" => Format.BFloat, "f32" => Format.Single, _ => Format.Double };

    private static ulong[] Values(string type) =>
        type switch { "f16" => Interesting.Halves, "bf16" => Interesting.BFloats, "f32" => Interesting.Singles, _ => Interesting.Doubles };

    private static BigInteger Most(string type) => (BigInteger.One << (IntegerTests.Bits(type) - (type[0] == 's' ? 1 : 0))) - 1;

    private static BigInteger Least(string type) => type[0] == 's' ? -(BigInteger.One << (IntegerTests.Bits(type) - 1)) : 0;

    private static BigInteger Whole(ExactNumber number, string mode)
    {
        BigInteger signed = number.IsNegative ? -number.Mantissa : number.Mantissa;
        if (number.Exponent >= 0) return signed << number.Exponent;
        BigInteger unit = BigInteger.One << -number.Exponent, floor = BigInteger.DivRem(signed, unit, out BigInteger rest);
        if (rest.Sign < 0) (floor, rest) = (floor - 1, rest + unit);
        if (rest.IsZero) return floor;
        return mode switch
        {
            "rmi" => floor,
            "rpi" => floor + 1,
            "rzi" => signed.Sign < 0 ? floor + 1 : floor,
            _ => (rest << 1) > unit || ((rest << 1) == unit && !floor.IsEven) ? floor + 1 : floor,
        };
    }
}
