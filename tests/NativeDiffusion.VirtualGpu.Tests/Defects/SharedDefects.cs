using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>racecheck: hazards in shared memory, within a warp and across warps.</summary>
internal static class SharedDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        // The other warp's word: 32 threads away.
        Race("read of another warp's word", """
            mov.u32 d, s;
            xor.b32 a, tid, 32;
            mad.lo.u32 a, a, 4, d;
            st.shared.u32 [si], tid; //!
            {}
            ld.shared.u32 b, [a]; //!
            """, "bar.warp.sync -1;", "bar.sync 0;") with { Also = FindingKind.UninitializedShared },
        Race("overwrite of what another warp still reads", """
            mov.u32 d, s;
            xor.b32 a, tid, 32;
            mad.lo.u32 a, a, 4, d;
            st.shared.u32 [si], tid;
            bar.sync 0;
            ld.shared.u32 b, [a]; //!
            {}
            st.shared.u32 [si], b; //!
            """, "bar.warp.sync -1;", "bar.sync 0;"),
        Race("two warps that write different values", "@isLane0 st.shared.u32 [s], {}; //!", "warp", "7") with { At = "s" },
        Race("two warps that write one byte of a word", """
            mov.u32 d, s; cvt.u16.u32 h, warp;
            add.u32 a, d, {};
            @isLane0 st.shared.u8 [a], h; //!
            """, "2", "warp") with { At = "s+2" },
        Race("word beside another warp's half", """
            mov.u16 h, 1;
            @isThread0 st.shared.u32 [s+4], 0;
            bar.sync 0;
            @isWarp1 st.shared.u16 [s+6], h; //!
            @isThread0 ld.shared.{} b, [s+4]; //!
            """, "u32", "u16") with { Block = 33 },
        Race(
            "atomic beside a plain store", "@isLane0 st.shared.u32 [s], 1;\nbar.sync 0;\n@isWarp0 red.shared.add.u32 [s], 1; //!\n@isWarp1 {} //!",
            "st.shared.u32 [s], 9;", "red.shared.add.u32 [s], 9;") with { At = "s" },
        Race(
            "plain load beside atomics",
            "@isLane0 st.shared.u32 [s], 1;\nbar.sync 0;\n@isWarp0 red.shared.add.u32 [s], 1; //!\n{}\n@isWarp1 ld.shared.u32 a, [s]; //!", "",
            "bar.sync 0;") with { At = "s" },
        Race("named barrier of two warps that a third should have joined", """
            setp.eq.u32 p, warp, 2;
            @isThread0 st.shared.u32 [s], 5; //!
            {}
            THIRD:
            ld.shared.u32 a, [s]; //!
            """, "@!p bar.sync 1, 64;", "bar.sync 1, 96;") with { Block = 96, At = "s", Also = FindingKind.UninitializedShared },
        Race("arrival ahead of the store that it announces", """
            @isWarp1 bra CONSUMER;
            {} //!
            bra END;
            CONSUMER:
            bar.sync 1, 64;
            ld.shared.u32 a, [s]; //!
            END:
            """, "bar.arrive 1, 64; @isLane0 st.shared.u32 [s], 5;", "@isLane0 st.shared.u32 [s], 5; bar.arrive 1, 64;")
            with { At = "s", Also = FindingKind.UninitializedShared },
        // Warps 2 and 0 synchronised before warp 2 read: what warp 0 overwrites after a barrier with warp 1 alone is still in use.
        Race("overwrite behind a named barrier that one reader did not join", """
            setp.eq.u32 p, warp, 2;
            setp.ne.u32 q, warp, 1;
            @isThread0 st.shared.u32 [s], 5;
            bar.sync 0;
            @q bar.sync 2, 64;
            @!isWarp0 ld.shared.u32 a, [s]; //!
            {}
            @isThread0 st.shared.u32 [s], 6; //!
            """, "@!p bar.sync 1, 64;", "bar.sync 1, 96;") with { Block = 96, At = "s" },
        Race("ring slot refilled before its consumer let it go", """
            @isWarp1 bra CONSUMER;
            @isLane0 st.shared.u32 [s], 5;
            bar.arrive 1, 64;
            {}
            @isLane0 st.shared.u32 [s], 6; //!
            bra END;
            CONSUMER:
            bar.sync 1, 64;
            ld.shared.u32 a, [s]; //!
            bar.arrive 2, 64;
            END:
            """, "", "bar.sync 2, 64;") with { At = "s" },

        Race(
            "flag in shared memory without the writer's fence", Handover(
            "st.volatile.shared.u32 [s], 1;", "ld.volatile.shared.u32 a, [s];", "{}", "membar.cta;"), "", "membar.cta;") with { At = "s+4" },
        Race(
            "flag in shared memory without the reader's fence", Handover(
            "st.volatile.shared.u32 [s], 1;", "ld.volatile.shared.u32 a, [s];", "membar.cta;", "{}"), "", "membar.cta;") with { At = "s+4" },
        Race(
            "flag in shared memory raised relaxed where it should be released", Handover(
            "st.{}.cta.shared.u32 [s], 1;", "ld.acquire.cta.shared.u32 a, [s];", "", ""), "relaxed", "release") with { At = "s+4" },
        Race(
            "flag in shared memory read relaxed where it should be acquired", Handover(
            "st.release.cta.shared.u32 [s], 1;", "ld.{}.cta.shared.u32 a, [s];", "", ""), "relaxed", "acquire") with { At = "s+4" },
        Race(
            "flag in global memory for shared memory, behind a fence for the block only", Handover(
            "st.volatile.global.u32 [z], 1;", "ld.volatile.global.u32 a, [z];", "{}", "membar.gl;"), "membar.cta;", "membar.gl;") with { At = "s+4" },
        Race("count of arrivals in shared memory without the fences of those who arrive", """
            @isThread0 st.shared.v4.u32 [s], {0, 0, 0, 0};
            bar.sync 0;
            setp.eq.u32 p, warp, 2;
            @p bra LOOK;
            mov.u32 d, s;
            mad.lo.u32 a, warp, 4, d;
            @isLane0 st.shared.u32 [a+4], 5; //!
            {}
            @isLane0 red.shared.add.u32 [s], 1;
            bra END;
            LOOK:
            ld.volatile.shared.u32 a, [s];
            setp.ne.u32 p, a, 2;
            @p bra LOOK;
            membar.cta;
            ld.shared.u32 b, [s+4]; //!
            ld.shared.u32 b, [s+8]; //!
            END:
            """, "", "membar.cta;") with { Block = 96 },
        // Warp 2 arrives last at the barrier and continues first: warp 0's strong load follows its plain one.
        Race("flag that one warp reads plainly and another as a flag", """
            @isThread0 st.shared.u32 [s], 0;
            bar.sync 0;
            setp.eq.u32 p, warp, 2;
            @p ld{}.shared.u32 a, [s]; //!
            @isWarp0 ld.volatile.shared.u32 a, [s];
            @isWarp1 st.volatile.shared.u32 [s], 1; //!
            """, "", ".volatile") with { Block = 96, At = "s" },
        Race("word behind a lock in shared memory that is taken without a fence", """
            @isThread0 st.shared.v2.u32 [s], {0, 0};
            bar.sync 0;
            @!isLane0 bra END;
            SPIN:
            atom.shared.cas.b32 a, [s], 0, 1;
            setp.ne.u32 p, a, 0;
            @p bra SPIN;
            {}
            ld.shared.u32 b, [s+4]; //!
            add.u32 b, b, 1;
            st.shared.u32 [s+4], b; //!
            membar.cta;
            atom.shared.exch.b32 a, [s], 0;
            END:
            """, "", "membar.cta;") with { At = "s+4" },

        Warp("read of a neighbour's word", """
            st.shared.u32 [si], tid; //!
            {}
            mov.u32 d, s;
            xor.b32 a, tid, 1;
            mad.lo.u32 a, a, 4, d;
            ld.shared.u32 b, [a]; //!
            """, "", "bar.warp.sync -1;"),
        Warp("overwrite of what a neighbour still reads", """
            mov.u32 d, s;
            xor.b32 a, tid, 1;
            mad.lo.u32 a, a, 4, d;
            st.shared.u32 [si], tid;
            bar.warp.sync -1;
            ld.shared.u32 b, [a]; //!
            {}
            st.shared.u32 [si], b; //!
            """, "", "bar.warp.sync -1;"),
        Warp("shuffle instead of a warp barrier", """
            mov.u32 d, s;
            xor.b32 a, tid, 1;
            mad.lo.u32 a, a, 4, d;
            st.shared.u32 [si], tid; //!
            {}
            ld.shared.u32 b, [a]; //!
            """, "shfl.sync.bfly.b32 b, tid, 1, 31, -1;", "bar.warp.sync -1;"),
        Warp("halves of a warp that sync apart", """
            mov.u32 d, s;
            selp.u32 e, 0xFFFF, 0xFFFF0000, isLow;
            xor.b32 a, tid, {};
            mad.lo.u32 a, a, 4, d;
            st.shared.u32 [si], tid; //!
            bar.warp.sync e;
            ld.shared.u32 b, [a]; //!
            """, "16", "1"),
        Warp("reader whom the half that overwrites did not wait for", """
            selp.u32 e, 0xFFFF, 0xFFFF0000, isLow;
            @isThread0 st.shared.v2.u32 [s], {5, 6};
            bar.warp.sync -1;
            {} ld.shared.u32 a, [s]; //!
            bar.warp.sync e;
            @isLane0 st.shared.u32 [s], 7; //!
            """, "", "@isLow") with { Block = 32, At = "s" },
        Warp("one lane's word read by all of its warp", """
            @isThread0 st.shared.u32 [s], 5; //!
            {}
            @isWarp0 ld.shared.u32 a, [s]; //!
            """, "", "bar.sync 1, 64;"),
        Warp("word that one lane read, written by all of its warp", """
            @isThread0 st.shared.u32 [s], 5;
            bar.sync 0;
            setp.eq.u32 p, tid, 7;
            @p ld.shared.u32 a, [s]; //!
            {}
            @isWarp0 st.shared.u32 [s], 6; //!
            """, "", "bar.warp.sync -1;"),
        // What lane 1 reads and then writes, lane 2 has read before: a scan by Hillis and Steele.
        Warp("update of what a neighbour has just read", """
            st.shared.u32 [si], tid;
            bar.warp.sync -1;
            setp.ge.u32 p, lane, 1;
            mov.u32 b, 0;
            add.u32 a, si, -4;
            @p ld.shared.u32 b, [a]; //!
            {}
            ld.shared.u32 d, [si];
            add.u32 d, d, b;
            st.shared.u32 [si], d; //!
            """, "", "bar.warp.sync -1;"),
        Warp("one lane's word read by the others", """
            @isThread0 st.shared.u32 [s], 5; //!
            {}
            @!isThread0 ld.shared.u32 a, [s]; //!
            """, "", "bar.warp.sync -1;") with { Block = 32 },

        new("lanes of one store with different values for one word", FindingKind.ConflictingStores, "@isWarp0 st.shared.u32 [s], {};", "tid", "7") { At = "s",
            Thread = 1 },
        new("lanes of one store with different values for one global word", FindingKind.ConflictingStores, "@isWarp0 st.global.u32 [y], {};", "tid",
            "7") { At = "y", Thread = 1 },
        Warp("words of lanes that have ended, read by those that synced without them", """
            st.shared.u32 [si], tid;
            {}
            @isLow bra LOW;
            ret;
            LOW:
            bar.warp.sync 0xFFFF;
            ld.shared.u32 b, [si+64]; //!
            """, "", "bar.warp.sync -1;") with { Block = 32 },
    ];

    /// <summary>Warp 0 passes a word to warp 1, guarded by a flag in the preceding word.</summary>
    private static string Handover(string raise, string look, string writer, string reader) => $$"""
        @isThread0 st.shared.v2.u32 [s], {0, 0};
        bar.sync 0;
        @isWarp1 bra READER;
        @isLane0 st.shared.u32 [s+4], 5; //!
        bar.warp.sync -1;
        {{writer}}
        @isLane0 {{raise}}
        bra END;
        READER:
        SPIN:
        {{look}}
        setp.eq.u32 p, a, 0;
        @p bra SPIN;
        {{reader}}
        ld.shared.u32 b, [s+4]; //!
        END:
        """;

    private static Defect Race(string name, string body, string wrong, string right) => new(name, FindingKind.SharedRace, body, wrong, right);

    private static Defect Warp(string name, string body, string wrong, string right) =>
        new(name, FindingKind.MissingWarpSync, body, wrong, right) { Also = FindingKind.UninitializedShared };
}
