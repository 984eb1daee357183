using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Traps, stack overflow, endless loops.</summary>
internal static class ControlDefects
{
    private const string Deep = """
        .func deep(.param .b32 n)
        {
        .reg .pred p;
        .reg .b32 a;
        ld.param.u32 a, [n];
        setp.eq.u32 p, a, 0;
        @p bra END;
        sub.u32 a, a, 1;
        { .param .b32 m; st.param.b32 [m], a;
        .loc 1 77 1
        call.uni deep, (m); }
        END:
        ret;
        }
        """;

    public static IReadOnlyList<Defect> All { get; } =
    [
        new("trap", FindingKind.Trap, "{} trap;", "@isThread0", "setp.eq.u32 p, tid, 99; @p") { Thread = 0 },
        new("branch past the end of its table", FindingKind.Trap, """
            mov.u32 a, {};
            ts: .branchtargets ONE, TWO;
            brx.idx a, ts; //!
            ONE:
            add.u32 b, tid, 1;
            TWO:
            add.u32 b, tid, 2;
            """, "2", "1"),
        new("call of an address that is not a function", FindingKind.Trap, """
            {}
            pt: .callprototype _ (.param .b32 _);
            { .param .b32 m; st.param.b32 [m], 0; call u, (m), pt; } //!
            """, "mov.u64 u, 12345;", "mov.u64 u, deep;") { Module = Deep },
        new("recursion deeper than the stack", FindingKind.StackOverflow, "{ .param .b32 m; mov.u32 a, {}; st.param.b32 [m], a; call.uni deep, (m); }", "100",
            "3") { Module = Deep, ModuleLine = 77 },
        new("endless loop", FindingKind.Hang, "setp.eq.u32 p, tid, {};\nTURN:\n@!p bra TURN; //!", "99", "tid"),
        new("empty endless loop", FindingKind.Hang, "{} bra END;\nTURN:\nbra TURN; //!\nEND:\nadd.u32 b, tid, 1;", "@isLow", ""),
        new("spin on a flag that is never set", FindingKind.Hang, """
            TURN:
            ld.volatile.global.u32 a, [z]; //!
            setp.eq.u32 p, a, {}; //!
            @p bra TURN; //!
            """, "0", "1"),
        new("endless loop with a barrier in each iteration", FindingKind.Hang, """
            mov.u32 a, {};
            setp.eq.u32 p, a, 0;
            TURN:
            bar.sync 0; //!
            @p bra TURN; //!
            """, "0", "1"),
    ];
}
