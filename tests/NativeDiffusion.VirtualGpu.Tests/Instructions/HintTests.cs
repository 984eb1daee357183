using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Hints, fences, clocks: instructions that compilers emit and that do not change results.</summary>
public sealed class HintTests
{
    [Theory]
    [InlineData("prefetch.global.L1 [g];")]
    [InlineData("prefetch.global.L2::evict_last [g];")]
    [InlineData("prefetchu.L1 [g];")]
    [InlineData("applypriority.global.L2::evict_normal [g], 128;")]
    [InlineData("discard.global.L2 [g], 128;")]
    [InlineData("createpolicy.fractional.L2::evict_last.L2::evict_unchanged.b64 w, 0.5;")]
    [InlineData("createpolicy.range.global.L2::evict_last.b64 w, [g], 64, 128;")]
    [InlineData("nanosleep.u32 100;")]
    [InlineData("pmevent 3;")]
    [InlineData("setmaxnreg.inc.sync.aligned.u32 240;")]
    [InlineData("membar.cta;")]
    [InlineData("membar.gl;")]
    [InlineData("membar.sys;")]
    [InlineData("fence.sc.gpu;")]
    [InlineData("fence.acq_rel.sys;")]
    [InlineData("fence.proxy.async;")]
    [InlineData("fence.mbarrier_init.release.cluster;")]
    [InlineData("griddepcontrol.launch_dependents;")]
    [InlineData("bar.sync 0;")]
    [InlineData("barrier.cta.sync 1, 32;")]
    [InlineData("barrier.sync.aligned 2;")]
    [InlineData("bar.warp.sync -1;")]
    [InlineData("mov.u32 y, %clock;")]
    [InlineData("mov.u64 w, %clock64;")]
    [InlineData("mov.u64 w, %globaltimer;")]
    [InlineData("mov.u32 y, %smid; mov.u32 y, %nsmid; mov.u64 w, %gridid; mov.u32 y, %dynamic_smem_size;")]
    [InlineData("activemask.b32 y;")]
    [InlineData(".pragma \"nounroll\"; .loc 1 1 1")]
    public void Hint_IsTakenAndChangesNothing(string code)
    {
        foreach (bool isCompiled in (bool[])[false, true]) Assert.Equal(Enumerable.Range(0, 32).Select(lane => (uint)lane), Run(code, isCompiled));
    }

    [Theory]
    [InlineData("ldu.global.u32 x, [g];")]
    [InlineData("ld.global.L1::evict_last.L2::256B.u32 x, [g];")]
    [InlineData("mov.u64 w, 0; ld.global.nc.L2::cache_hint.u32 x, [g], w;")]
    [InlineData("ld.acquire.gpu.global.u32 x, [g];")]
    [InlineData("ld.relaxed.cta.u32 x, [g];")]
    [InlineData("ld.mmio.relaxed.sys.global.u32 x, [g];")]
    [InlineData("ld.volatile.u32 x, [g];")]
    [InlineData("ld.weak.global.cv.b32 x, [g];")]
    public void Load_WithWords_Loads(string code) => Assert.All(Run(code, true), value => Assert.Equal(1234u, value));

    /// <summary>Clocks are monotonic.</summary>
    [Theory]
    [InlineData("%clock", "u32", "y", "x")]
    [InlineData("%clock64", "u64", "w", "v")]
    [InlineData("%globaltimer", "u64", "w", "v")]
    public void Clock_NeverGoesBack(string clock, string type, string first, string second) =>
        Assert.All(
            Run($"mov.{type} {first}, {clock}; mov.{type} {second}, {clock}; setp.ge.{type} p, {second}, {first}; selp.u32 x, 1, 0, p;", true), value =>
            Assert.Equal(1u, value));

    [Theory]
    [InlineData("setp.eq.u32 p, x, 7; @p trap;", FindingKind.Trap)]
    [InlineData("AGAIN: bra AGAIN;", FindingKind.Hang)]
    public void End_IsAFinding(string code, FindingKind kind)
    {
        TestDevice device = Device(code, false);
        Assert.Equal(kind, device.Launch("k", 1, 32, device.Allocate<uint>(32), device.Upload(1234u)).Findings[0].Kind);
    }

    private static uint[] Run(string code, bool isCompiled)
    {
        TestDevice device = Device(code, isCompiled);
        DeviceArray<uint> result = device.Allocate<uint>(32);
        device.Launch("k", 1, 32, result, device.Upload(1234u)).Clean();
        return result.ToArray();
    }

    private static TestDevice Device(string code, bool isCompiled) => new(
        ".version 8.6\n.target sm_90a\n.address_size 64\n.visible .entry k(.param .u64 o, .param .u64 i) {\n.reg .pred p; .reg .b32 x, y; .reg .b64 g, u, v, "
            + "w;\n"
        + "ld.param.u64 g, [i]; mov.u32 x, %tid.x;\n" + code
            + "\nld.param.u64 u, [o]; mov.u32 y, %tid.x; mul.wide.u32 v, y, 4; add.u64 u, u, v; st.global.u32 [u], x; ret; }",
        new ExecutionOptions { Workers = 1, IsCompiled = isCompiled, Patience = 10_000 });
}
