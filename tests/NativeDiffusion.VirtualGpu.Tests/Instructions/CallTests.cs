using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Calls of every kind, and the stack.</summary>
public sealed class CallTests
{
    private const string Functions = """
        .version 8.0
        .target sm_80
        .address_size 64
        .visible .func (.param .b32 r) twice(.param .b32 x)
        {
          .reg .b32 a;
          ld.param.b32 a, [x];
          add.u32 a, a, a;
          st.param.b32 [r], a;
          ret;
        }
        .visible .func (.param .b32 r) more(.param .b32 x)
        {
          .reg .b32 a;
          ld.param.b32 a, [x];
          add.u32 a, a, 100;
          st.param.b32 [r], a;
          ret;
        }
        .visible .func (.param .b32 r) neighbour(.param .b32 x)
        {
          .reg .b32 a;
          ld.param.b32 a, [x];
          shfl.sync.bfly.b32 a, a, 1, 31, -1;
          st.param.b32 [r], a;
          ret;
        }
        .visible .func odd(.param .b32 x)
        {
          .reg .b32 a;
          wgmma.fence.sync.aligned;
          ret;
        }
        .global .u64 table[3] = {twice, more, odd};
        """;

    /// <summary>Instructions before the call in its block execute once, although lanes that call the other function reach the call again.</summary>
    [Fact]
    public void IndirectCall_OfTwoFunctions_RepeatsNothing() => Assert.Equal(Lanes(lane => lane % 2 == 0 ? 2 * (lane + 1) : lane + 101), Run("""
        and.b32 y, x, 1;
        mul.wide.u32 w, y, 8;
        mov.u64 v, table;
        add.u64 w, w, v;
        ld.global.u64 v, [w];
        bra NOW;
        NOW:
        add.u32 x, x, 1;
        { .param .b32 p0; .param .b32 p1;
        st.param.b32 [p0], x;
        P: .callprototype (.param .b32 _) _ (.param .b32 _);
        call (p1), v, (p0), P;
        ld.param.b32 x, [p1]; }
        """));

    /// <summary>Lanes that enter a function at different times, by the same call, reconverge in it.</summary>
    [Fact]
    public void Function_WithAShuffle_BringsLanesTogether() => Assert.Equal(Lanes(lane => lane ^ 1), Run("""
        setp.eq.u32 p, x, 5;
        @p bra ON;
        ON:
        { .param .b32 p0; .param .b32 p1;
        st.param.b32 [p0], x;
        call.uni (p1), neighbour, (p0);
        ld.param.b32 x, [p1]; }
        """));

    /// <summary>A branch to the next instruction keeps all lanes.</summary>
    [Fact]
    public void Branch_ToTheNextInstruction_KeepsAllLanes() => Assert.Equal(Lanes(lane => lane), Run("setp.eq.u32 p, x, 5;\n@p bra ON;\nON:"));

    /// <summary>Two calls in separate scopes use the same parameter names.</summary>
    [Fact]
    public void Calls_WithTheSameNames_AreTheirOwn() => Assert.Equal(Lanes(lane => (4 * lane) + 100), Run("""
        { .param .b32 p0; .param .b32 p1; st.param.b32 [p0], x; call.uni (p1), twice, (p0); ld.param.b32 x, [p1]; }
        { .param .b32 p0; .param .b32 p1; st.param.b32 [p0], x; call.uni (p1), twice, (p0); ld.param.b32 x, [p1]; }
        { .param .b32 p0; .param .b32 p1; st.param.b32 [p0], x; call.uni (p1), more, (p0); ld.param.b32 x, [p1]; }
        """));

    /// <summary>The padding of a structure is copied without a finding, although it is uninitialized.</summary>
    [Fact]
    public void Argument_ThatNobodyWrote_IsNoDefectUntilItIsRead() => Assert.Equal(Lanes(lane => 2 * lane), Run("""
        { .param .b32 p0; .param .b32 p1; st.param.b32 [p0], y; st.param.b32 [p0], x; call.uni (p1), twice, (p0); ld.param.b32 x, [p1]; }
        """));

    [Fact]
    public void Stack_GrowsByLaneAndGoesBack() => Assert.Equal(Lanes(lane => lane + 7), Run("""
        stacksave.u64 w;
        mad.lo.u32 y, x, 4, 4;
        cvt.u64.u32 v, y;
        alloca.u64 v, v, 16;
        mul.wide.u32 u, x, 4;
        add.u64 v, v, u;
        st.local.u32 [v], 7;
        ld.local.u32 y, [v];
        add.u32 x, x, y;
        stackrestore.u64 w;
        stacksave.u64 u;
        setp.ne.u64 p, u, w;
        @p mov.u32 x, 0;
        """));

    [Theory]
    [InlineData("mov.u64 v, 1000000000; alloca.u64 v, v;", FindingKind.StackOverflow)]
    [InlineData("mov.u64 v, -4; st.local.u32 [v], x;", FindingKind.OutOfBounds)]
    [InlineData("mov.u64 v, 4; alloca.u64 v, v; ld.local.u32 x, [v];", FindingKind.UninitializedLocal)]
    [InlineData("mov.u64 v, 4; alloca.u64 v, v; ld.local.u32 x, [v+16];", FindingKind.OutOfBounds)]
    [InlineData(
        "{ .param .b32 p0; st.param.b32 [p0], x; mov.u64 w, table; ld.global.u64 v, [w+16]; P: .callprototype _ (.param .b32 _); call v, (p0), P; }",
        FindingKind.UnsupportedPtx)]
    public void DefectsOfCallsAndStacks_AreFound(string code, FindingKind kind)
    {
        TestDevice device = Launch(code, new ExecutionOptions { Workers = 1 }, out _);
        Assert.Equal(kind, device.Findings[0].Kind);
    }

    private static uint[] Lanes(Func<int, int> value) => [.. Enumerable.Range(0, 32).Select(lane => (uint)value(lane))];

    /// <summary>Runs code that changes x, initially the lane index, in every mode: all results are equal.</summary>
    private static uint[] Run(string code)
    {
        uint[]? first = null;
        foreach (bool isAdversarial in (bool[])[false, true])
            foreach (bool isCompiled in (bool[])[false, true])
            {
                Launch(
                    code, new ExecutionOptions { Workers = 1, IsAdversarial = isAdversarial, IsCompiled = isCompiled }, out DeviceArray<uint> result).Clean();
                Assert.Equal(first ??= result.ToArray(), result.ToArray());
            }
        return first!;
    }

    private static TestDevice Launch(string code, ExecutionOptions options, out DeviceArray<uint> result)
    {
        var device = new TestDevice(
            Functions + "\n.visible .entry k(.param .u64 o) {\n.reg .pred p; .reg .b32 x, y; .reg .b64 u, v, w;\nmov.u32 x, %tid.x;\n" + code
            + "\nld.param.u64 u, [o]; mov.u32 y, %tid.x; mul.wide.u32 v, y, 4; add.u64 u, u, v; st.global.u32 [u], x; ret; }",
            options);
        result = device.Allocate<uint>(32);
        return device.Launch("k", 1, 32, result);
    }
}
