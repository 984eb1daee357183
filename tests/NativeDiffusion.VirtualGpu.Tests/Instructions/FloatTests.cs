using Format = NativeDiffusion.VirtualGpu.Tests.Support.ExactNumber.Format;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Floating-point arithmetic of every width and rounding against exact arithmetic.</summary>
public sealed class FloatTests
{
    public static TheoryData<string, string> Singles => IntegerTests.Pairs(["add", "sub", "mul", "div", "fma"], ["rn", "rz", "rm", "rp"]);

    [Theory]
    [MemberData(nameof(Singles))]
    public void Single_EveryRounding_IsExact(string operation, string rounding) => Check("f32", Format.Single, Interesting.Singles, operation, rounding);

    [Theory]
    [MemberData(nameof(Singles))]
    public void Double_EveryRounding_IsExact(string operation, string rounding) => Check("f64", Format.Double, Interesting.Doubles, operation, rounding);

    [Theory]
    [CombinatorialData]
    public void Roots_EveryRounding_AreExact(
        [CombinatorialValues("sqrt", "rcp")] string operation, [CombinatorialValues("rn", "rz", "rm", "rp")] string rounding, bool isDouble)
    {
        Format format = isDouble ? Format.Double : Format.Single;
        ulong[] values = isDouble ? Interesting.Doubles : Interesting.Singles;
        string type = isDouble ? "f64" : "f32";
        ulong one = isDouble ? (ulong)BitConverter.DoubleToInt64Bits(1) : 0x3F80_0000;
        InstructionRunner.Check($"{operation}.{rounding}.{type} d, a;", format.Bits, InstructionRunner.Operands([format.Bits], [values], 2000), inputs =>
        {
            ExactNumber a = ExactNumber.Decode(inputs[0], format);
            ExactNumber result = operation == "sqrt" ? ExactNumber.SquareRoot(a) : ExactNumber.Divide(ExactNumber.Decode(one, format), a);
            return result.Round(format, rounding);
        });
    }

    [Theory]
    [CombinatorialData]
    public void Halves_AreRoundedOnce(
        [CombinatorialValues("add", "sub", "mul", "fma")] string operation, [CombinatorialValues("f16", "f16x2", "bf16", "bf16x2")] string type)
    {
        bool isHalf = type[0] == 'f', isPair = type.EndsWith("x2", StringComparison.Ordinal);
        Format format = isHalf ? Format.Half : Format.BFloat;
        ulong[] values = isHalf ? Interesting.Halves : Interesting.BFloats;
        int bits = isPair ? 32 : 16;
        ulong[] operands = isPair ? [.. values.Select((value, i) => value | (values[(i + 3) % values.Length] << 16))] : values;
        int count = operation == "fma" ? 3 : 2;
        string arguments = count == 3 ? "a, b, c" : "a, b";
        InstructionRunner.Check(
            $"{operation}.rn.{type} d, {arguments};", bits, InstructionRunner.Operands(
            [.. Enumerable.Repeat(bits, count)], [.. Enumerable.Repeat(operands, count)], 3000), inputs =>
        {
            ulong low = Evaluate(operation, [.. inputs.Select(input => input & 0xFFFF)], format, "rn");
            return isPair ? low | (Evaluate(operation, [.. inputs.Select(input => input >> 16)], format, "rn") << 16) : low;
        });
    }

    [Fact]
    public void Flushing_TakesAndGivesNoSubnormals()
    {
        (int, ulong[])[] operands = InstructionRunner.Operands([32, 32], [Interesting.Singles, Interesting.Singles], 500);
        foreach (string operation in (string[])["add", "sub", "mul", "div"])
        {
            InstructionRunner.Check($"{operation}.rn.ftz.f32 d, a, b;", 32, operands, inputs =>
                Flush(Evaluate(operation, [Flush(inputs[0]), Flush(inputs[1])], Format.Single, "rn")));
        }
    }

    [Fact]
    public void Saturation_StaysBetweenZeroAndOne()
    {
        (int, ulong[])[] operands = InstructionRunner.Operands([32, 32], [Interesting.Singles, Interesting.Singles], 500);
        foreach (string operation in (string[])["add", "mul"])
        {
            foreach (string rounding in (string[])["rn", "rz"])
            {
                InstructionRunner.Check($"{operation}.{rounding}.sat.f32 d, a, b;", 32, operands, inputs =>
                {
                    float value = BitConverter.UInt32BitsToSingle((uint)Evaluate(operation, inputs, Format.Single, rounding));
                    return BitConverter.SingleToUInt32Bits(float.IsNaN(value) || value <= 0 ? 0 : value >= 1 ? 1 : value);
                });
            }
        }
    }

    [Theory]
    [InlineData("min.f32")]
    [InlineData("max.f32")]
    [InlineData("min.NaN.f32")]
    [InlineData("max.NaN.f32")]
    [InlineData("min.xorsign.abs.f32")]
    public void MinMax_OrderZerosAndTreatNan(string instruction)
    {
        bool isNan = instruction.Contains(
            "NaN", StringComparison.Ordinal), isMin = instruction[1] == 'i', isSign = instruction.Contains("xorsign", StringComparison.Ordinal);
        InstructionRunner.Check($"{instruction} d, a, b;", 32, InstructionRunner.Operands([32, 32], [Interesting.Singles, Interesting.Singles]), inputs =>
        {
            uint x = (uint)inputs[0], y = (uint)inputs[1], sign = (x ^ y) & 0x8000_0000;
            if (isSign) (x, y) = (x & 0x7FFF_FFFF, y & 0x7FFF_FFFF);
            float a = BitConverter.UInt32BitsToSingle(x), b = BitConverter.UInt32BitsToSingle(y);
            uint result;
            if (float.IsNaN(a) || float.IsNaN(b)) result = isNan || (float.IsNaN(a) && float.IsNaN(b)) ? 0x7FFF_FFFF : float.IsNaN(a) ? y : x;
            else if (a == b) result = ((int)x < 0) == isMin ? x : y;
            else result = (a < b) == isMin ? x : y;
            return isSign ? result | sign : result;
        });
    }

    [Fact]
    public void PairsOfSingles_AreTwoSums()
    {
        ulong[] values = [.. Interesting.Singles.Select((value, i) => value | (Interesting.Singles[(i + 5) % Interesting.Singles.Length] << 32))];
        (int, ulong[])[] operands = InstructionRunner.Operands([64, 64, 64], [values, values[..6], values[..6]], 300);
        InstructionRunner.Check("fma.rn.f32x2 d, a, b, c;", 64, operands, inputs =>
            Evaluate("fma", [.. inputs.Select(input => input & 0xFFFF_FFFF)], Format.Single, "rn")
            | (Evaluate("fma", [.. inputs.Select(input => input >> 32)], Format.Single, "rn") << 32));
    }

    [Theory]
    [InlineData("abs.f32", 32)]
    [InlineData("neg.f32", 32)]
    [InlineData("abs.f64", 64)]
    [InlineData("neg.f64", 64)]
    [InlineData("abs.f16", 16)]
    [InlineData("neg.bf16", 16)]
    [InlineData("neg.f16x2", 32)]
    [InlineData("abs.bf16x2", 32)]
    public void Signs_AreChangedAlone(string instruction, int bits)
    {
        ulong top = instruction.EndsWith("x2", StringComparison.Ordinal) ? 0x8000_8000 : 1UL << (bits - 1);
        InstructionRunner.Check($"{instruction} d, a;", bits, InstructionRunner.Operands([bits], [Interesting.Integers(bits)]), inputs =>
            instruction[0] == 'a' ? inputs[0] & ~top : inputs[0] ^ top);
    }

    [Fact]
    public void CopySign_TakesTheFirstOnesSign()
    {
        InstructionRunner.Check("copysign.f32 d, a, b;", 32, InstructionRunner.Operands([32, 32], [Interesting.Singles, Interesting.Singles]), inputs =>
            (inputs[0] & 0x8000_0000) | (inputs[1] & 0x7FFF_FFFF));
    }

    /// <summary>The documented errors (PTX ISA, each instruction's page), in units of the last place or absolute.</summary>
    [Theory]
    [InlineData("rcp.approx.f32", 1, 0)]
    [InlineData("sqrt.approx.f32", 1, 0)]
    [InlineData("rsqrt.approx.f32", 2, 0)]
    [InlineData("ex2.approx.f32", 2, 0)]
    [InlineData("ex2.approx.ftz.f32", 2, 0)]
    [InlineData("lg2.approx.f32", 2, 2.4e-7)]
    [InlineData("sin.approx.f32", 1, 7e-7)]
    [InlineData("cos.approx.f32", 1, 7e-7)]
    [InlineData("tanh.approx.f32", 8000, 0)]
    [InlineData("div.full.f32", 2, 0)]
    [InlineData("div.approx.f32", 2, 0)]
    public void SpecialFunctions_StayWithinTheirError(string instruction, double places, double absolute)
    {
        bool isDivision = instruction.StartsWith("div", StringComparison.Ordinal), isFlushing = instruction.Contains("ftz", StringComparison.Ordinal);
        ulong[] values = [.. Interesting.Singles, .. Enumerable.Range(-200, 400).Select(i => (ulong)BitConverter.SingleToUInt32Bits(i * 0.37f))];
        (int, ulong[])[] operands = isDivision ? InstructionRunner.Operands([32, 32], [Interesting.Singles, Interesting.Singles], 1000)
            : InstructionRunner.Operands([32], [values], 1000);
        ulong[] results = InstructionRunner.Run(isDivision ? $"{instruction} d, a, b;" : $"{instruction} d, a;", 32, operands);
        for (int i = 0; i < results.Length; i++)
        {
            float a = BitConverter.UInt32BitsToSingle((uint)operands[0].Item2[i]), b = isDivision ? BitConverter.UInt32BitsToSingle((uint)operands[1].Item2[i])
                : 0;
            if (isFlushing) a = BitConverter.UInt32BitsToSingle((uint)Flush(BitConverter.SingleToUInt32Bits(a)));
            // Beyond this the argument reduction is not guaranteed, and division returns zero.
            if (instruction[..3] is "sin" or "cos" && float.IsFinite(a) && Math.Abs(a) > 1e5) continue;
            if (instruction == "div.approx.f32" && Math.Abs(b) > 8.5e37f) continue;
            double expected = Function(instruction, a, b);
            float actual = BitConverter.UInt32BitsToSingle((uint)results[i]);
            if (isFlushing && Math.Abs(expected) < 1.17549435E-38) expected = 0;
            float near = (float)expected;
            double unit = Math.Max(
                Math.BitIncrement(Math.Abs((double)near)) - Math.Abs((double)near), MathF.BitIncrement(MathF.Abs(near)) - (double)MathF.Abs(near));
            bool isClose = float.IsNaN(near) ? float.IsNaN(actual) : float.IsInfinity(near) ? actual == near
                : Math.Abs(actual - expected) <= Math.Max(absolute, places * unit);
            Assert.True(isClose, $"{instruction} of {a:R}, {b:R}: expected {expected:R}, got {actual:R}");
        }
    }

    private static double Function(string instruction, double a, double b) => instruction.Split('.')[0] switch
    {
        "rcp" => 1 / a,
        "sqrt" => Math.Sqrt(a),
        "rsqrt" => 1 / Math.Sqrt(a),
        "ex2" => Math.Pow(2, a),
        "lg2" => Math.Log2(a),
        "sin" => Math.Sin(a),
        "cos" => Math.Cos(a),
        "tanh" => Math.Tanh(a),
        _ => a / b,
    };

    private static void Check(string type, Format format, ulong[] values, string operation, string rounding)
    {
        int count = operation == "fma" ? 3 : 2;
        ulong[] few = count == 3 ? [.. values.Where((_, i) => i % 2 == 0)] : values;
        string arguments = count == 3 ? "a, b, c" : "a, b";
        (int, ulong[])[] operands = InstructionRunner.Operands([.. Enumerable.Repeat(format.Bits, count)], [.. Enumerable.Repeat(few, count)], 3000);
        InstructionRunner.Check(
            $"{operation}.{rounding}.{type} d, {arguments};", format.Bits, operands, inputs => Evaluate(operation, inputs, format, rounding));
    }

    private static ulong Evaluate(string operation, ulong[] inputs, Format format, string rounding)
    {
        ExactNumber a = ExactNumber.Decode(inputs[0], format), b = ExactNumber.Decode(inputs[1], format);
        (ExactNumber result, bool isOpen) = operation switch
        {
            "add" => ExactNumber.Add(a, b),
            "sub" => ExactNumber.Add(a, -b),
            "mul" => (ExactNumber.Multiply(a, b), false),
            "div" => (ExactNumber.Divide(a, b), false),
            _ => ExactNumber.Add(ExactNumber.Multiply(a, b), ExactNumber.Decode(inputs[2], format)),
        };
        return result.Round(format, rounding, isOpen);
    }

    private static ulong Flush(ulong bits) => (bits & 0x7F80_0000) == 0 ? bits & 0x8000_0000 : bits;
}
