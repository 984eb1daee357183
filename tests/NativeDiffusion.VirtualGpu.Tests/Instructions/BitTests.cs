using System.Numerics;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Bits: logic, tables, shifts, fields, permutations, against the definitions bit by bit.</summary>
public sealed class BitTests
{
    [Theory]
    [InlineData("and.b16", 16)]
    [InlineData("or.b16", 16)]
    [InlineData("xor.b32", 32)]
    [InlineData("and.b32", 32)]
    [InlineData("or.b64", 64)]
    [InlineData("xor.b64", 64)]
    public void Logic_MatchesBitByBit(string instruction, int bits)
    {
        ulong[] values = Interesting.Integers(bits);
        InstructionRunner.Check($"{instruction} d, a, b;", bits, InstructionRunner.Operands([bits, bits], [values, values]), inputs =>
            instruction[0] switch { 'a' => inputs[0] & inputs[1], 'o' => inputs[0] | inputs[1], _ => inputs[0] ^ inputs[1] });
    }

    [Fact]
    public void Lop3_AllTables_MatchBitByBit()
    {
        (int, ulong[])[] operands = InstructionRunner.Operands(
            [32, 32, 32], [[0xF0F0_F0F0, 0x1234_5678], [0xCCCC_CCCC, 0xFFFF_0000], [0xAAAA_AAAA, 0x0F1E_2D3C]], 4);
        for (int table = 0; table < 256; table++)
        {
            int lut = table;
            InstructionRunner.Check($"lop3.b32 d, a, b, c, {lut};", 32, operands, inputs =>
            {
                ulong result = 0;
                for (int bit = 0; bit < 32; bit++)
                {
                    int index = (int)(((inputs[0] >> bit & 1) << 2) | ((inputs[1] >> bit & 1) << 1) | (inputs[2] >> bit & 1));
                    result |= (ulong)(lut >> index & 1) << bit;
                }
                return result;
            });
        }
    }

    [Theory]
    [InlineData("shl.b16", 16)]
    [InlineData("shl.b32", 32)]
    [InlineData("shl.b64", 64)]
    [InlineData("shr.u16", 16)]
    [InlineData("shr.s16", 16)]
    [InlineData("shr.u32", 32)]
    [InlineData("shr.s32", 32)]
    [InlineData("shr.u64", 64)]
    [InlineData("shr.s64", 64)]
    public void Shifts_AnyAmount_MatchBigInteger(string instruction, int bits)
    {
        ulong[] amounts = [0, 1, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200, 0xFFFF_FFFF];
        string type = instruction[4..].Replace('b', 'u');
        ulong Expected(ulong a, ulong by)
        {
            int amount = (int)Math.Min(by, 100);
            BigInteger value = IntegerTests.Value(a, type);
            return IntegerTests.Wrap(instruction[2] == 'l' ? value << amount : value >> amount, bits);
        }

        InstructionRunner.Check(
            $"{instruction} d, a, b;", bits, InstructionRunner.Operands([bits, 32], [Interesting.Integers(bits), amounts], 0), inputs =>
            Expected(inputs[0], inputs[1]));
        foreach (ulong amount in amounts)
            InstructionRunner.Check($"{instruction} d, a, {amount};", bits, [(bits, Interesting.Integers(bits))], inputs => Expected(inputs[0], amount));
    }

    [Theory]
    [InlineData("shf.l.wrap")]
    [InlineData("shf.l.clamp")]
    [InlineData("shf.r.wrap")]
    [InlineData("shf.r.clamp")]
    public void Funnel_MatchesAPairOfWords(string instruction)
    {
        ulong[] values = Interesting.Integers(32), amounts = [0, 1, 7, 31, 32, 33, 40, 63, 64, 0xFFFF_FFFF];
        InstructionRunner.Check($"{instruction}.b32 d, a, b, c;", 32, InstructionRunner.Operands([32, 32, 32], [values, values, amounts], 0), inputs =>
        {
            int amount = instruction.EndsWith("wrap", StringComparison.Ordinal) ? (int)(inputs[2] & 31) : (int)Math.Min(inputs[2], 32);
            BigInteger pair = (new BigInteger(inputs[1]) << 32) | inputs[0];
            return IntegerTests.Wrap(instruction[4] == 'l' ? (pair << amount) >> 32 : pair >> amount, 32);
        });
    }

    [Theory]
    [InlineData("u32")]
    [InlineData("s32")]
    [InlineData("u64")]
    [InlineData("s64")]
    public void Extract_MatchesTheManualsLoop(string type)
    {
        int bits = IntegerTests.Bits(type), last = bits - 1;
        ulong[] places = [0, 1, 4, 15, 31, 32, 40, 63, 64, 255, 256, 300];
        InstructionRunner.Check(
            $"bfe.{type} d, a, b, c;", bits, InstructionRunner.Operands([bits, 32, 32], [Interesting.Integers(bits), places, places], 100), inputs =>
        {
            int position = (int)(inputs[1] & 0xFF), length = (int)(inputs[2] & 0xFF);
            bool sign = type[0] == 's' && length > 0 && (inputs[0] >> Math.Min(position + length - 1, last) & 1) != 0;
            ulong result = 0;
            for (int i = 0; i <= last; i++)
            {
                bool bit = i < length && position + i <= last ? (inputs[0] >> (position + i) & 1) != 0 : sign;
                if (bit) result |= 1UL << i;
            }
            return result;
        });
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void Insert_MatchesTheManualsLoop(int bits)
    {
        ulong[] places = [0, 1, 4, 31, 32, 40, 63, 64, 255];
        foreach (ulong position in places)
        {
            (int, ulong[])[] operands = InstructionRunner.Operands([bits, bits, 32], [Interesting.Integers(bits), Interesting.Integers(bits), places], 0);
            InstructionRunner.Check($"bfi.b{bits} d, a, b, {position}, c;", bits, operands, inputs =>
            {
                ulong result = inputs[1];
                int length = (int)(inputs[2] & 0xFF);
                for (int i = 0; i < length && (int)position + i < bits; i++)
                {
                    int at = (int)position + i;
                    result = (result & ~(1UL << at)) | ((inputs[0] >> i & 1) << at);
                }
                return result;
            });
        }
    }

    [Theory]
    [InlineData("brev.b32", 32)]
    [InlineData("brev.b64", 64)]
    public void Reverse_TurnsTheBitsAround(string instruction, int bits) =>
        InstructionRunner.Check($"{instruction} d, a;", bits, InstructionRunner.Operands([bits], [Interesting.Integers(bits)]), inputs =>
        {
            ulong result = 0;
            for (int i = 0; i < bits; i++) result |= (inputs[0] >> i & 1) << (bits - 1 - i);
            return result;
        });

    /// <summary>The manual's tables, the highest byte first.</summary>
    [Theory]
    [InlineData("f4e", "3210 4321 5432 6543")]
    [InlineData("b4e", "5670 6701 7012 0123")]
    [InlineData("rc8", "0000 1111 2222 3333")]
    [InlineData("ecl", "3210 3211 3222 3333")]
    [InlineData("ecr", "0000 1110 2210 3210")]
    [InlineData("rc16", "1010 3232 1010 3232")]
    public void Permutation_Modes_MatchTheManualsTable(string mode, string table)
    {
        string[] rows = table.Split(' ');
        InstructionRunner.Check(
            $"prmt.b32.{mode} d, a, b, c;", 32, InstructionRunner.Operands([32, 32, 32], [[0x3322_1100], [0x7766_5544], [0, 1, 2, 3, 6]], 50), inputs =>
        {
            ulong bytes = inputs[0] | (inputs[1] << 32), result = 0;
            foreach (char digit in rows[inputs[2] & 3]) result = (result << 8) | (bytes >> (8 * (digit - '0')) & 0xFF);
            return result;
        });
    }

    [Fact]
    public void Permutation_AnySelector_PicksBytesAndSigns() =>
        InstructionRunner.Check(
            "prmt.b32 d, a, b, c;", 32, InstructionRunner.Operands(
            [32, 32, 32], [[0x8322_11F0], [0x77E6_5584], [0x3210, 0xFEDC, 0x7654, 0x8888, 0xF0A5]], 500), inputs =>
        {
            ulong bytes = inputs[0] | (inputs[1] << 32), result = 0;
            for (int i = 3; i >= 0; i--)
            {
                ulong selector = inputs[2] >> (4 * i) & 15, value = bytes >> (int)(8 * (selector & 7)) & 0xFF;
                if (selector >= 8) value = value >= 0x80 ? 0xFFUL : 0;
                result = (result << 8) | value;
            }
            return result;
        });

    [Fact]
    public void MaskAndExtension_MatchTheirDefinitions()
    {
        ulong[] small = [0, 1, 5, 16, 31, 32, 33, 100];
        (int, ulong[])[] operands = InstructionRunner.Operands([32, 32], [small, small], 0);
        foreach (string mode in (string[])["clamp", "wrap"])
        {
            InstructionRunner.Check($"bmsk.{mode}.b32 d, a, b;", 32, operands, inputs =>
            {
                ulong from = mode == "wrap" ? inputs[0] & 31 : inputs[0], count = mode == "wrap" ? inputs[1] & 31 : inputs[1], result = 0;
                for (ulong i = from; i < 32 && i < from + count; i++) result |= 1UL << (int)i;
                return result;
            });
            foreach (string type in (string[])["u32", "s32"])
            {
                InstructionRunner.Check(
                    $"szext.{mode}.{type} d, a, b;", 32, InstructionRunner.Operands([32, 32], [Interesting.Integers(32), small], 0), inputs =>
                {
                    ulong width = mode == "wrap" ? inputs[1] & 31 : inputs[1];
                    if (width == 0) return 0;
                    if (width >= 32) return inputs[0];
                    ulong low = inputs[0] & ((1UL << (int)width) - 1);
                    return type == "s32" && (low >> (int)(width - 1)) != 0 ? (low | (ulong.MaxValue << (int)width)) & 0xFFFF_FFFF : low;
                });
            }
        }
    }

    [Fact]
    public void NthSetBit_MatchesASearch() =>
        InstructionRunner.Check(
            "fns.b32 d, a, b, c;", 32, InstructionRunner.Operands(
            [32, 32, 32], [[0, 1, 0x8000_0001, 0xFFFF_FFFF, 0x1234_5678], [0, 1, 15, 31], [0, 1, 2, 0xFFFF_FFFF, 0xFFFF_FFFE]], 0), inputs =>
        {
            int offset = (int)inputs[2], start = (int)inputs[1];
            int[] set = [.. Enumerable.Range(0, 32).Where(bit => (inputs[0] >> bit & 1) != 0)];
            if (offset == 0) return set.Contains(start) ? (ulong)start : uint.MaxValue;
            int[] candidates = offset > 0 ? [.. set.Where(bit => bit >= start)] : [.. set.Where(bit => bit <= start).Reverse()];
            return Math.Abs(offset) <= candidates.Length ? (ulong)candidates[Math.Abs(offset) - 1] : uint.MaxValue;
        });
}
