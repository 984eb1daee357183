using System.Text;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>
/// Runs a line or a few of PTX for many operands, one set a thread: d, a, b, c stand for the registers. Each run is made compiled and not, and
/// both must agree.
/// </summary>
internal static class InstructionRunner
{
    /// <summary>Runs it.</summary>
    /// <param name="instruction">Such as "add.s32 d, a, b;". Predicates p and q and scratch registers x, y (32 bits), w (64) are there, too.</param>
    /// <param name="resultBits">Width of d, 16, 32 or 64.</param>
    /// <param name="operands">Widths and values of a, b, c, as many as wanted.</param>
    public static ulong[] Run(string instruction, int resultBits, params (int Bits, ulong[] Values)[] operands)
    {
        string ptx = Kernel(instruction, resultBits, operands);
        ulong[] compiled = Run(ptx, true, resultBits, operands), plain = Run(ptx, false, resultBits, operands);
        Assert.Equal(plain, compiled);
        return compiled;
    }

    /// <summary>Fails where a result differs from the expectation, and says for which operands.</summary>
    public static void Check(string instruction, int resultBits, (int Bits, ulong[] Values)[] operands, Func<ulong[], ulong> expected)
    {
        ulong[] results = Run(instruction, resultBits, operands);
        for (int i = 0; i < results.Length; i++)
        {
            ulong[] inputs = [.. operands.Select(operand => operand.Values[i])];
            ulong wanted = expected(inputs);
            if (results[i] == wanted) continue;
            Assert.Fail($"{instruction} of {string.Join(", ", inputs.Select(input => $"0x{input:X}"))}: expected 0x{wanted:X}, got 0x{results[i]:X}");
        }
    }

    /// <summary>All pairs or triples of interesting values of a width, and random ones.</summary>
    public static (int Bits, ulong[] Values)[] Operands(int[] bits, ulong[][] interesting, int random = 200, int seed = 1)
    {
        var columns = bits.Select(_ => new List<ulong>()).ToArray();
        int[] counters = new int[bits.Length];
        while (true)
        {
            for (int i = 0; i < bits.Length; i++) columns[i].Add(interesting[i][counters[i]]);
            int k = 0;
            while (k < bits.Length && ++counters[k] == interesting[k].Length) counters[k++] = 0;
            if (k == bits.Length) break;
        }
        var generator = new Random(seed);
        for (int n = 0; n < random; n++)
            for (int i = 0; i < bits.Length; i++) columns[i].Add((ulong)generator.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits[i]));
        return [.. bits.Select((width, i) => (width, columns[i].ToArray()))];
    }

    private static string Kernel(string instruction, int resultBits, (int Bits, ulong[] Values)[] operands)
    {
        var text = new StringBuilder(".version 8.6\n.target sm_90\n.address_size 64\n.visible .entry k(.param .u64 pd, .param .u64 pn");
        string names = "abc";
        for (int i = 0; i < operands.Length; i++) text.Append(null, $", .param .u64 p{names[i]}");
        text.Append(")\n{\n.reg .pred p, q, gone;\n.reg .b16 h, g;\n.reg .b32 x, y, z, i, n;\n.reg .b64 w, v, at, base;\n");
        text.Append(null, $".reg .b{resultBits} d;\n");
        for (int i = 0; i < operands.Length; i++) text.Append(null, $".reg .b{operands[i].Bits} {names[i]};\n");
        text.Append(
            "mov.u32 i, %ctaid.x;\nmov.u32 n, %ntid.x;\nmov.u32 x, %tid.x;\nmad.lo.s32 i, i, n, x;\nld.param.u64 w, [pn];\ncvt.u32.u64 n, w;\nsetp.ge.u32 "
                + "gone, i, n;\n@gone bra END;\n");
        for (int i = 0; i < operands.Length; i++)
        {
            int bytes = operands[i].Bits / 8;
            text.Append(
                null,
                $"ld.param.u64 base, [p{names[i]}];\nmul.wide.u32 at, i, {bytes};\nadd.u64 at, at, base;\nld.global.b{operands[i].Bits} {names[i]}, [at];\n");
        }
        text.Append(instruction).Append('\n');
        text.Append(
            null,
            $"ld.param.u64 base, [pd];\nmul.wide.u32 at, i, {resultBits / 8};\nadd.u64 at, at, base;\nst.global.b{resultBits} [at], d;\nEND:\nret;\n}}\n");
        return text.ToString();
    }

    private static ulong[] Run(string ptx, bool isCompiled, int resultBits, (int Bits, ulong[] Values)[] operands)
    {
        var device = new TestDevice(ptx, new ExecutionOptions { Workers = 1, IsCompiled = isCompiled });
        int count = operands[0].Values.Length;
        var arguments = new List<object>();
        (object result, Func<ulong[]> read) = Result(device, resultBits, count);
        arguments.Add(result);
        arguments.Add((ulong)count);
        foreach ((int bits, ulong[] values) in operands) arguments.Add(Upload(device, bits, values));
        device.Launch("k", (uint)((count + 127) / 128), 128, [.. arguments]).Clean();
        return read();
    }

    private static (object, Func<ulong[]>) Result(TestDevice device, int bits, int count)
    {
        switch (bits)
        {
            case 16:
                DeviceArray<ushort> halves = device.Allocate<ushort>(count);
                return (halves, () => [.. halves.ToArray().Select(value => (ulong)value)]);
            case 32:
                DeviceArray<uint> words = device.Allocate<uint>(count);
                return (words, () => [.. words.ToArray().Select(value => (ulong)value)]);
            default:
                DeviceArray<ulong> longs = device.Allocate<ulong>(count);
                return (longs, longs.ToArray);
        }
    }

    private static object Upload(TestDevice device, int bits, ulong[] values) => bits switch
    {
        16 => device.Upload(values.Select(value => (ushort)value).ToArray()),
        32 => device.Upload(values.Select(value => (uint)value).ToArray()),
        _ => device.Upload(values),
    };
}
