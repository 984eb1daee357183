using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Loads, stores, spaces, atomics, parameters, calls.</summary>
public sealed class MemoryTests
{
    private const string Head = ".version 8.6\n.target sm_90\n.address_size 64\n";

    [Theory]
    [InlineData("u8", 0xF0UL)]
    [InlineData("s8", 0xFFFF_FFFF_FFFF_FFF0UL)]
    [InlineData("u16", 0xE1F0UL)]
    [InlineData("s16", 0xFFFF_FFFF_FFFF_E1F0UL)]
    [InlineData("u32", 0xC3D2_E1F0UL)]
    [InlineData("s32", 0xFFFF_FFFF_C3D2_E1F0UL)]
    [InlineData("b64", 0x8796_A5B4_C3D2_E1F0UL)]
    public void NarrowLoads_ExtendIntoWideRegisters(string type, ulong expected)
    {
        TestDevice device = Device(
            $".visible .entry k(.param .u64 d, .param .u64 a) {{ .reg .b64 x, y, z; ld.param.u64 x, [d]; ld.param.u64 y, [a]; ld.global.{type} z, [y]; "
                + $"st.global.b64 [x], z; ret; }}");
        DeviceArray<ulong> result = device.Allocate<ulong>(1);
        device.Launch("k", 1, 1, result, device.Upload(0x8796_A5B4_C3D2_E1F0UL)).Clean();
        Assert.Equal(expected, result[0]);
    }

    [Theory]
    [InlineData("v2.b16", 2, 2)]
    [InlineData("v4.b16", 2, 4)]
    [InlineData("v2.b32", 4, 2)]
    [InlineData("v4.b32", 4, 4)]
    [InlineData("v2.b64", 8, 2)]
    [InlineData("v8.b32", 4, 8)]
    public void Vectors_KeepTheirOrder(string type, int bytes, int count)
    {
        string registers = string.Join(
            ", ", Enumerable.Range(0, count).Select(i => $"r{i}")), reversed = string.Join(", ", Enumerable.Range(0, count).Reverse().Select(i => $"r{i}"));
        int total = bytes * count;
        TestDevice device = Device($$"""
            .visible .entry k(.param .u64 d, .param .u64 a) {
              .reg .b64 x, y, z; .reg .b32 t; .reg .b{{bytes * 8}} {{registers}};
              mov.u32 t, %tid.x; mul.wide.u32 z, t, {{total}};
              ld.param.u64 x, [d]; ld.param.u64 y, [a]; add.u64 x, x, z; add.u64 y, y, z;
              ld.global.{{type}} { {{registers}} }, [y];
              st.global.{{type}} [x], { {{reversed}} };
              ret;
            }
            """);
        byte[] source = [.. Enumerable.Range(0, 32 * total).Select(i => (byte)((i * 37) ^ (i >> 3)))];
        DeviceArray<byte> result = device.Allocate<byte>(source.Length);
        device.Launch("k", 1, 32, result, device.Upload(source)).Clean();
        for (int i = 0; i < source.Length; i++)
        {
            int element = i % total / bytes, mirrored = (i / total * total) + ((count - 1 - element) * bytes) + (i % bytes);
            Assert.Equal(source[mirrored], result[i]);
        }
    }

    [Fact]
    public void GenericAddresses_ReachEverySpace()
    {
        TestDevice device = Device("""
            .const .align 4 .u32 constant = 11;
            .global .align 4 .u32 variable[2] = {21, 22};
            .global .align 8 .u64 pointer = generic(variable)+4;
            .visible .entry k(.param .u64 d, .param .align 8 .b8 s[16]) {
              .local .align 4 .b8 depot[8]; .shared .align 4 .u32 sh[32];
              .reg .b64 x, y, z; .reg .b32 r, t; .reg .pred p;
              ld.param.u64 x, [d];
              mov.u64 y, constant; ld.const.u32 r, [y]; st.global.u32 [x], r;
              mov.u64 y, variable; cvta.global.u64 z, y; ld.u32 r, [z]; st.global.u32 [x+4], r;
              ld.global.u64 z, [pointer]; ld.u32 r, [z]; st.global.u32 [x+8], r;
              mov.u64 y, depot; cvta.local.u64 z, y; mov.u32 r, 31; st.u32 [z+4], r; ld.local.u32 t, [depot+4]; st.global.u32 [x+12], t;
              mov.u64 y, sh; cvta.shared.u64 z, y; mov.u32 r, 41; st.u32 [z+8], r; ld.shared.u32 t, [sh+8]; st.global.u32 [x+16], t;
              isspacep.shared p, z; selp.u32 t, 1, 0, p; st.global.u32 [x+20], t;
              isspacep.global p, z; selp.u32 t, 1, 0, p; st.global.u32 [x+24], t;
              mov.b64 y, s; ld.param.u32 r, [y+12]; st.global.u32 [x+28], r;
              cvta.param.u64 z, y; ld.u32 r, [z+8]; st.global.u32 [x+32], r;
              ret;
            }
            """);
        DeviceArray<uint> result = device.Allocate<uint>(9);
        device.Launch("k", 1, 1, result, new byte[] { 1, 0, 0, 0, 2, 0, 0, 0, 51, 0, 0, 0, 52, 0, 0, 0 }).Clean();
        Assert.Equal([11u, 21, 22, 31, 41, 1, 0, 52, 51], result.ToArray());
    }

    [Theory]
    [CombinatorialData]
    public void Atomics_OfAllThreads_AddUp(
        bool isShared,
        [CombinatorialValues(
        "add.u32", "min.s32", "max.u32", "and.b32", "or.b32", "xor.b32", "inc.u32", "dec.u32", "add.f32", "add.u64", "max.s64")] string operation)
    {
        int bits = operation.EndsWith("64", StringComparison.Ordinal) ? 64 : 32;
        string type = operation.Split('.')[1], value = type == "f32" ? "cvt.rn.f32.u32 v, t;" : bits == 64 ? "cvt.u64.u32 v, t;" : "mov.b32 v, t;";
        string place = isShared ? "shared" : "global", address = isShared ? "sh" : "x";
        string begin = isShared ? $"ld.global.b{bits} o, [x]; setp.eq.u32 p, t, 0; @p st.shared.b{bits} [sh], o; bar.sync 0;" : "";
        string end = isShared ? $"bar.sync 0; ld.shared.b{bits} o, [sh]; @p st.global.b{bits} [x], o;" : "";
        TestDevice device = Device($$"""
            .visible .entry k(.param .u64 d) {
              .shared .align 8 .b8 sh[8]; .reg .b64 x; .reg .b32 t; .reg .pred p; .reg .b{{bits}} v, o;
              ld.param.u64 x, [d]; mov.u32 t, %tid.x; {{begin}}
              add.u32 t, t, 3; {{value}} sub.u32 t, t, 3;
              atom.{{place}}.{{operation}} o, [{{address}}], v;
              red.{{place}}.{{operation}} [{{address}}], v;
              {{end}} ret;
            }
            """);
        ulong start = operation switch { "and.b32" => 0xFFFF_FFFF, "min.s32" => 50, "add.f32" => 0, _ => 5 };
        ulong expected = Enumerable.Range(0, 64).SelectMany(i => new[] { (ulong)i + 3, (ulong)i + 3 }).Aggregate(start, (old, next) => operation switch
        {
            "add.u32" or "add.u64" => old + next,
            "min.s32" => Math.Min(old, next),
            "max.u32" or "max.s64" => Math.Max(old, next),
            "and.b32" => old & next,
            "or.b32" => old | next,
            "xor.b32" => old ^ next,
            "add.f32" => BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)old) + next),
            _ => old,
        });
        DeviceArray<ulong> result = device.Upload(start);
        device.Launch("k", 1, 64, result).Clean();
        // inc and dec depend on the order; here they only stay within their bound.
        if (operation is "inc.u32" or "dec.u32") Assert.InRange(result[0], 0UL, 66UL);
        else Assert.Equal(expected, result[0]);
        Assert.Equal(128, isShared ? device.Tally.Memory.SharedAtomics : device.Tally.Memory.GlobalAtomics);
    }

    [Fact]
    public void HalfAndCompareAtomics_GiveTheOldValue()
    {
        TestDevice device = Device("""
            .visible .entry k(.param .u64 d) {
              .reg .b64 x, w; .reg .b32 r, s; .reg .b16 h, g;
              ld.param.u64 x, [d];
              mov.b32 r, 0x3C004000; atom.global.add.noftz.f16x2 s, [x], r; st.global.u32 [x+16], s;
              mov.b16 h, 0x3C00; atom.global.add.noftz.f16 g, [x+6], h; st.global.b16 [x+20], g;
              mov.u32 r, 7; atom.global.cas.b32 s, [x+8], 5, 9; st.global.u32 [x+24], s;
              atom.global.cas.b32 s, [x+8], 5, 11; st.global.u32 [x+28], s;
              atom.global.exch.b32 s, [x+12], r; st.global.u32 [x+32], s;
              ret;
            }
            """);
        DeviceArray<uint> result = device.Upload(0x4000_3C00u, 0x3C00_1111u, 5u, 6u, 0u, 0u, 0u, 0u, 0u);
        device.Launch("k", 1, 1, result).Clean();
        Assert.Equal([0x4200_4200u, 0x4000_1111u, 9u, 7u, 0x4000_3C00u, 0x3C00u, 5u, 9u, 6u], result.ToArray());
    }

    [Fact]
    public void RecursiveAndIndirectCalls_Return()
    {
        TestDevice device = Device("""
            .func (.param .b32 result) factorial(.param .b32 n);
            .func (.param .b32 result) factorial(.param .b32 n) {
              .reg .b32 x, y; .reg .pred p;
              ld.param.b32 x, [n]; mov.b32 y, 1; setp.le.s32 p, x, 1; @p bra DONE;
              sub.s32 y, x, 1;
              { .param .b32 a; .param .b32 r; st.param.b32 [a], y; call.uni (r), factorial, (a); ld.param.b32 y, [r]; }
              mul.lo.s32 y, y, x;
            DONE:
              st.param.b32 [result], y; ret;
            }
            .func (.param .b32 result) square(.param .b32 n) { .reg .b32 x; ld.param.b32 x, [n]; mul.lo.s32 x, x, x; st.param.b32 [result], x; ret; }
            .visible .entry k(.param .u64 d) {
              .reg .b64 x, z, f, g; .reg .b32 t, r, m; .reg .pred p;
              ld.param.u64 x, [d]; mov.u32 t, %tid.x; mul.wide.u32 z, t, 4; add.u64 x, x, z;
              mov.u64 f, factorial; mov.u64 g, square; and.b32 m, t, 1; setp.eq.u32 p, m, 0; selp.b64 f, f, g, p;
              { .param .b32 a; .param .b32 q; st.param.b32 [a], t;
                shape: .callprototype (.param .b32 _) _ (.param .b32 _);
                call (q), f, (a), shape; ld.param.b32 r, [q]; }
              st.global.u32 [x], r; ret;
            }
            """);
        DeviceArray<uint> result = device.Allocate<uint>(12);
        foreach (bool isAdversarial in (bool[])[false, true])
        {
            device.Options = new ExecutionOptions { Workers = 1, IsAdversarial = isAdversarial };
            device.Launch("k", 1, 12, result).Clean();
            Assert.Equal(
                Enumerable.Range(0, 12).Select(i => i % 2 == 1 ? (uint)(i * i) : (uint)Enumerable.Range(1, i).Aggregate(1, (a, b) => a * b)), result.ToArray());
        }
    }

    [Fact]
    public void BranchTable_GoesWhereTheIndexSays()
    {
        TestDevice device = Device("""
            .visible .entry k(.param .u64 d) {
              .reg .b64 x, z; .reg .b32 t, r, m;
              ld.param.u64 x, [d]; mov.u32 t, %tid.x; mul.wide.u32 z, t, 4; add.u64 x, x, z; and.b32 m, t, 3;
              targets: .branchtargets A, B, C, A;
              brx.idx m, targets;
            A: mov.u32 r, 100; bra.uni END;
            B: mov.u32 r, 200; bra.uni END;
            C: mov.u32 r, 300;
            END: add.u32 r, r, t; st.global.u32 [x], r; ret;
            }
            """);
        DeviceArray<uint> result = device.Allocate<uint>(40);
        device.Launch("k", 1, 40, result).Clean();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (uint)(i + ((i & 3) switch { 1 => 200, 2 => 300, _ => 100 }))), result.ToArray());
    }

    [Theory]
    [CombinatorialData]
    public void NamedBarriers_OrderProducersAndConsumers(bool isAdversarial)
    {
        // Warp 0 fills, warps 1 and 2 read: "full" is barrier 1, "empty" is barrier 2, each of 96 threads.
        TestDevice device = Device("""
            .visible .entry k(.param .u64 d) {
              .shared .align 4 .b8 sh[128];
              .reg .b64 x, z; .reg .b32 t, w, l, i, v, s, a; .reg .pred p, q;
              ld.param.u64 x, [d]; mov.u32 t, %tid.x; shr.u32 w, t, 5; and.b32 l, t, 31; mov.u32 i, 0; mov.u32 s, 0;
              mov.u32 a, sh; mad.lo.u32 a, l, 4, a;
              setp.eq.u32 p, w, 0; @!p bra CONSUME;
            PRODUCE:
              add.u32 v, i, l; st.shared.u32 [a], v;
              bar.arrive 1, 96; bar.sync 2, 96;
              add.u32 i, i, 1; setp.lt.u32 q, i, 10; @q bra PRODUCE;
              bra.uni END;
            CONSUME:
              bar.sync 1, 96;
              ld.shared.u32 v, [a]; add.u32 s, s, v;
              bar.arrive 2, 96;
              add.u32 i, i, 1; setp.lt.u32 q, i, 10; @q bra CONSUME;
              mul.wide.u32 z, t, 4; add.u64 x, x, z; st.global.u32 [x], s;
            END: ret;
            }
            """);
        device.Options = new ExecutionOptions { Workers = 1, IsAdversarial = isAdversarial };
        DeviceArray<uint> result = device.Allocate<uint>(96);
        device.Launch("k", 1, 96, result).Clean();
        for (int thread = 32; thread < 96; thread++) Assert.Equal((uint)((10 * (thread % 32)) + 45), result[thread]);
    }

    [Fact]
    public void BarrierReductions_CountEveryThread()
    {
        TestDevice device = Device("""
            .visible .entry k(.param .u64 d) {
              .reg .b64 x, z; .reg .b32 t, c, r; .reg .pred p, q;
              ld.param.u64 x, [d]; mov.u32 t, %tid.x; mul.wide.u32 z, t, 4; add.u64 x, x, z;
              setp.lt.u32 p, t, 37;
              bar.red.popc.u32 c, 0, p;
              bar.red.and.pred q, 0, p; selp.u32 r, 1000, 0, q; add.u32 c, c, r;
              bar.red.or.pred q, 0, !p; selp.u32 r, 10000, 0, q; add.u32 c, c, r;
              barrier.cta.red.popc.aligned.u32 r, 1, 96, !p; mad.lo.u32 c, r, 100000, c;
              st.global.u32 [x], c; ret;
            }
            """);
        DeviceArray<uint> result = device.Allocate<uint>(96);
        device.Launch("k", 1, 96, result).Clean();
        Assert.All(result.ToArray(), value => Assert.Equal((59u * 100000) + 10000 + 37, value));
    }

    [Theory]
    [InlineData("foo.b32 r, r;", "foo")]
    [InlineData("wgmma.fence.sync.aligned;", "mma.sync")]
    [InlineData("barrier.cluster.arrive;", "clusters")]
    [InlineData("add.s32 r, x, 1;", "64 bits")]
    [InlineData("mov.u32 r, %nonsense;", "%nonsense")]
    [InlineData("cvt.rn.bf16x2.e2m1x2 r, r;", "cvt")]
    [InlineData("bra NOWHERE;", "NOWHERE")]
    [InlineData("ld.global.u32 r, [x;", "]")]
    public void WhatIsNotThere_IsNamedWithItsLine(string instruction, string word)
    {
        TestDevice device = Device($".visible .entry k()\n{{\n.reg .b32 r;\n.reg .b64 x;\n{instruction}\nret;\n}}");
        VirtualGpu.Ptx.PtxException thrown = Assert.Throws<VirtualGpu.Ptx.PtxException>(() => device.Module.Kernel("k"));
        Assert.Equal(8, thrown.Line);
        Assert.Contains(word, thrown.Message, StringComparison.Ordinal);
    }

    private static TestDevice Device(string body) => new(Head + body);
}
