using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Counters;

/// <summary>Bytes, sectors and passes over the banks of one request, against counting by sets.</summary>
public sealed class AccessCounterTests
{
    private const int Span = 4096;

    public static TheoryData<string, int> Widths() => new() { { "u8", 1 }, { "u16", 2 }, { "u32", 4 }, { "u64", 8 }, { "v2.u64", 16 } };

    [Theory]
    [MemberData(nameof(Widths))]
    public void GlobalRequests_AreCountedAsSetsSayIt(string type, int width)
    {
        var random = new Random(7);
        TestDevice device = Device("global", type, width);
        DeviceArray<byte> x = device.Upload(new byte[Span]);
        for (int trial = 0; trial < 60; trial++)
        {
            (uint[] offsets, uint lanes) = Pattern(random, trial, width);
            device.Launch("touch", 1, 32, x, device.Upload(offsets), lanes).Clean();

            uint[] at = [.. offsets.Where((_, lane) => (lanes >> lane & 1) != 0)];
            HashSet<long> bytes = [.. at.SelectMany(offset => Enumerable.Range(0, width).Select(k => (long)(x.Address + offset) + k))];
            // Beside the request itself, all lanes read their offset: 128 bytes in four sectors.
            Assert.Equal(128 + (at.Length * width), device.Tally.Memory.GlobalLoadBytes);
            Assert.Equal(4 + bytes.Select(address => address / 32).Distinct().Count(), device.Tally.Memory.GlobalSectors);
            Assert.Equal(4 + ((bytes.Count + 31) / 32), device.Tally.Memory.GlobalSectorsNeeded);
            Assert.InRange(device.Tally.UniqueBytes, 128 + bytes.Count, 128 + bytes.Select(address => address / 4).Distinct().Count() * 4);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void SharedRequests_AreCountedBankByBank(string type, int width)
    {
        var random = new Random(8);
        TestDevice device = Device("shared", type, width);
        for (int trial = 0; trial < 60; trial++)
        {
            (uint[] offsets, uint lanes) = Pattern(random, trial, width);
            device.Launch("touch", new Dimensions(1, 1, 1), new Dimensions(32, 1, 1), 0, 0ul, device.Upload(offsets), lanes);

            int passes = 0, needed = 0, together = width switch { 16 => 8, 8 => 16, _ => 32 };
            for (int first = 0; first < 32; first += together)
            {
                HashSet<uint> words = [.. Enumerable.Range(first, together).Where(lane => (lanes >> lane & 1) != 0)
                    .SelectMany(lane => Enumerable.Range(0, Math.Max(1, width / 4)).Select(k => (offsets[lane] / 4) + (uint)k))];
                passes += words.GroupBy(word => word % 32).Select(bank => bank.Count()).DefaultIfEmpty(0).Max();
                needed += (words.Count + 31) / 32;
            }
            Assert.Equal(passes, device.Tally.Memory.SharedWavefronts);
            Assert.Equal(needed, device.Tally.Memory.SharedWavefrontsNeeded);
        }
    }

    // Rows, strides, one place for all, and anything; all lanes, some, and one.
    private static (uint[] Offsets, uint Lanes) Pattern(Random random, int trial, int width)
    {
        uint start = (uint)random.Next(8), stride = (uint)random.Next(1, 40), slots = (uint)(Span / width);
        uint[] offsets = [.. Enumerable.Range(0, 32).Select(lane => (uint)width * ((trial % 4) switch
        {
            0 => start + (uint)lane,
            1 => (start + (stride * (uint)lane)) % slots,
            2 => start + ((uint)lane / stride),
            _ => (uint)random.Next((int)slots),
        }))];
        uint lanes = (trial % 5) switch { 3 => (uint)random.Next() | 1u, 4 => 1u << random.Next(32), _ => uint.MaxValue };
        return (offsets, lanes);
    }

    private static TestDevice Device(string space, string type, int width)
    {
        string registers = type switch { "u8" or "u16" => "%h1", "u32" => "%r9", "u64" => "%rd9", _ => "{%rd9, %rd10}" };
        string ptx = $$"""
            .version 7.0
            .target sm_80
            .address_size 64
            .visible .entry touch(.param .u64 x, .param .u64 offsets, .param .u32 lanes)
            {
                .shared .align 128 .b8 memory[{{Span}}];
                .reg .pred %p<4>;
                .reg .b16 %h<4>;
                .reg .b32 %r<12>;
                .reg .b64 %rd<12>;
                mov.u32 %r1, %tid.x;
                ld.param.u64 %rd1, [offsets];
                mul.wide.u32 %rd2, %r1, 4;
                add.u64 %rd1, %rd1, %rd2;
                ld.global.u32 %r2, [%rd1];
                ld.param.u32 %r3, [lanes];
                shr.u32 %r3, %r3, %r1;
                and.b32 %r3, %r3, 1;
                setp.ne.u32 %p1, %r3, 0;
                {{(space == "shared" ? "mov.u64 %rd3, memory;" : "ld.param.u64 %rd3, [x];")}}
                cvt.u64.u32 %rd4, %r2;
                add.u64 %rd3, %rd3, %rd4;
                @%p1 ld.{{space}}.{{type}} {{registers}}, [%rd3];
                ret;
            }
            """;
        return new TestDevice(ptx, new ExecutionOptions { Workers = 1, HasChecks = space != "shared" });
    }
}
