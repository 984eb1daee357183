using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>initcheck: uninitialized reads.</summary>
internal static class UninitializedDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        Global("load of new global memory", "ld.global.u32 a, [y];", "ld.global.u32 a, [x];", "y"),
        Global("atomic on new global memory", "red.global.add.u32 [y+4], 1;", "red.global.add.u32 [z+4], 1;", "y+4"),
        Global(
            "asynchronous copy of new global memory", "cp.async.ca.shared.global [s], [y], 4;", "cp.async.ca.shared.global [s], [x], 4;",
            "y") with { Block = 1 },
        Global("asynchronous copy of two written bytes and a third",
            "@isThread0 st.global.u16 [y], h; mov.u32 a, 3; cp.async.ca.shared.global [s], [y], 4, a;",
            "@isThread0 st.global.u16 [y], h; mov.u32 a, 2; cp.async.ca.shared.global [s], [y], 4, a;", "y+2") with { Block = 1 },
        new("partly initialized word", FindingKind.UninitializedGlobal, """
            mov.u16 h, 1;
            {}
            ld.global.u32 a, [yi]; //!
            """, "st.global.u8 [yi], h;", "st.global.u32 [yi], tid;") { At = "y+1", Thread = 0, Block = 32 },

        Shared("load of new shared memory", "st.shared.u32 [si+4], tid;", "st.shared.u32 [si], tid;", "s"),
        Shared("shared word of which one byte was written", "st.shared.u8 [si], h;", "st.shared.u32 [si], tid;", "s+1"),
        new("atomic on uninitialized shared memory", FindingKind.UninitializedShared, """
            {}
            bar.sync 0;
            red.shared.add.u32 [s], 1; //!
            """, "", "@isThread0 st.shared.u32 [s], 0;") { At = "s" },
        new("ldmatrix of uninitialized rows", FindingKind.UninitializedShared, """
            {}
            bar.warp.sync -1;
            mov.u32 d, s; and.b32 a, lane, 7;
            mad.lo.u32 a, a, 16, d;
            ldmatrix.sync.aligned.m8n8.x1.shared.b16 {b}, [a]; //!
            """, "@isLow st.shared.u32 [si], tid;", "st.shared.u32 [si], tid;") { Block = 32, At = "s+64" },

        new("load of uninitialized local memory", FindingKind.UninitializedLocal, """
            {}
            ld.local.u32 a, [l+8]; //!
            """, "st.local.u32 [l+4], tid;", "st.local.u32 [l+8], tid;") { At = "l+8", Thread = 0, Block = 32 },
        new("partly initialized local word", FindingKind.UninitializedLocal, """
            mov.u16 h, 1;
            {}
            ld.local.u32 a, [l]; //!
            """, "st.local.u16 [l], h;", "st.local.u32 [l], tid;") { At = "l", Thread = 0, Block = 32 },

        Register("register that one path leaves unwritten", "@isLow mov.u32 e, 1;", "mov.u32 e, 1;", 16),
        Register("register that one lane leaves unwritten", "@!isLane0 mov.u32 e, 1;", "@!isLane0 mov.u32 e, 1; @isLane0 mov.u32 e, 2;", 0),
        new("register set only in a loop without iterations", FindingKind.UninitializedRegister, """
            mov.u32 a, {};
            TURN:
            setp.ge.u32 p, a, tid;
            @p bra DONE;
            mov.u32 e, a;
            add.u32 a, a, 1;
            bra TURN;
            DONE:
            setp.eq.u32 q, tid, 0;
            @!q st.global.u32 [yi], e; //!
            """, "1", "0") { Thread = 1 },
        new("uninitialized predicate", FindingKind.UninitializedRegister, """
            {}
            @q st.global.u32 [yi], tid; //!
            """, "@isLow setp.eq.u32 q, tid, 0;", "setp.eq.u32 q, tid, 0;") { Thread = 16, Block = 32 },
    ];

    private static Defect Global(string name, string wrong, string right, string at) =>
        new(name, FindingKind.UninitializedGlobal, "mov.u16 h, 1;\n{}", wrong, right) { At = at };

    private static Defect Shared(string name, string wrong, string right, string at) => new(name, FindingKind.UninitializedShared, """
        mov.u16 h, 1;
        {}
        ld.shared.u32 a, [si]; //!
        """, wrong, right) { At = at, Thread = 0, Block = 1 };

    private static Defect Register(string name, string wrong, string right, int thread) => new(name, FindingKind.UninitializedRegister, """
        {}
        add.u32 a, e, 1; //!
        """, wrong, right) { Thread = thread, Block = 32 };
}
