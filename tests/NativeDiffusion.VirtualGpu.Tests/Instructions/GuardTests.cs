using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Guards of convergent instructions and of calls in all positions: at a label, after a branch, after another of their kind.</summary>
public sealed class GuardTests
{
    private const string Shuffle = "@low shfl.sync.idx.b32 r, r, 3, 31, 0xFFFF;\n";
    private const string Call = "@low call (y), three;\n@low ld.param.u32 r, [y];\n";

    [Theory]
    [CombinatorialData]
    public void Guard_IsKept_WhereverItsInstructionStands(
        [CombinatorialValues(
            Shuffle,
            "bra.uni HERE;\nHERE:\n" + Shuffle,
            "setp.eq.u32 p, n, 77;\n@p bra END;\n" + Shuffle,
            "bra.uni THERE;\nBEFORE:\nmov.u32 r, 0;\nTHERE:\n" + Shuffle + "setp.eq.u32 p, r, 99;\n@p bra BEFORE;\n",
            "@high bar.warp.sync 0xFFFF0000;\n" + Shuffle,
            "@!high bar.warp.sync 0xFFFF;\n" + Shuffle,
            "bar.sync 0;\n@low vote.sync.ballot.b32 a, 1, 0xFFFF;\n" + Shuffle,
            Call,
            "bra.uni HERE;\nHERE:\n" + Call,
            "@low bar.warp.sync 0xFFFF;\n" + Call)] string body,
        bool isCompiled, bool isAdversarial)
    {
        string ptx = $$"""
            .version 7.0
            .target sm_80
            .address_size 64
            .func (.param .u32 y) three()
            {
                .reg .b32 t;
                mov.u32 t, 3;
                st.param.u32 [y], t;
                ret;
            }
            .visible .entry guards(.param .u64 result)
            {
                .reg .pred p, low, high;
                .reg .b32 n, r, a;
                .reg .b64 at, d;
                .param .u32 y;
                mov.u32 n, %tid.x;
                mov.u32 r, n;
                setp.lt.u32 low, n, 16;
                setp.ge.u32 high, n, 16;
            {{body}}
            END:
                ld.param.u64 at, [result];
                mul.wide.u32 d, n, 4;
                add.u64 at, at, d;
                st.global.u32 [at], r;
                ret;
            }
            """;
        var device = new TestDevice(ptx, new ExecutionOptions { Workers = 1, IsCompiled = isCompiled, IsAdversarial = isAdversarial });
        DeviceArray<uint> result = device.Allocate<uint>(32);
        device.Launch("guards", 1, 32, result).Clean();

        Assert.Equal([.. Enumerable.Range(0, 32).Select(lane => lane < 16 ? 3u : (uint)lane)], result.ToArray());
    }
}
