using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>racecheck: hazards between blocks of one launch in global memory.</summary>
internal static class BlockDefects
{
    // Block 0 writes a word and sets a flag, block 1 spins on it and reads.
    private const string Flag = """
        @!isBlock0 bra READER;
        @isThread0 st.global.u32 [y], 5; //!
        WRITER
        @isThread0 st.volatile.global.u32 [z], 1;
        bra END;
        READER:
        SPIN:
        ld.volatile.global.u32 a, [z];
        setp.eq.u32 p, a, 0;
        @p bra SPIN;
        READFENCE
        ld.global.u32 b, [y]; //!
        END:
        """;

    // Every block adds its sum, the last one to arrive reads them all.
    private const string Last = """
        @!isThread0 bra END;
        mad.wide.u32 u, bid, 4, y;
        st.global.u32 [u], bid; //!
        WRITER
        atom.global.add.u32 a, [z], 1;
        setp.ne.u32 p, a, 3;
        @p bra END;
        READFENCE
        ld.global.v4.u32 {e0, e1, e2, e3}, [y]; //!
        END:
        """;

    // All threads of two warps write, one sets the flag; a third warp is idle.
    private const string Many = """
        setp.eq.u32 q, warp, 2;
        @q bra END;
        @!isBlock0 bra READER;
        st.global.u32 [yi], tid; //!
        {}
        @isThread0 membar.gl;
        @isThread0 st.volatile.global.u32 [z], 1;
        bra END;
        READER:
        SPIN:
        ld.volatile.global.u32 a, [z];
        setp.eq.u32 p, a, 0;
        @p bra SPIN;
        membar.gl;
        add.u64 u, y, 252;
        ld.global.u32 b, [u]; //!
        END:
        """;

    // One thread spins and fences for two warps; a third is idle.
    private const string One = """
        setp.eq.u32 q, warp, 2;
        @q bra END;
        @!isBlock0 bra READER;
        @isThread0 st.global.u32 [y], 5; //!
        membar.gl;
        @isThread0 st.volatile.global.u32 [z], 1;
        bra END;
        READER:
        @!isThread0 bra MEET;
        SPIN:
        ld.volatile.global.u32 a, [z];
        setp.eq.u32 p, a, 0;
        @p bra SPIN;
        membar.gl;
        MEET:
        {}
        @isWarp1 ld.global.u32 b, [y]; //!
        END:
        """;

    private const string Lock = """
        @!isThread0 bra END;
        SPIN:
        atom.global.cas.b32 a, [z], 0, 1;
        setp.ne.u32 p, a, 0;
        @p bra SPIN;
        READFENCE
        ld.global.u32 b, [z+4]; //!
        add.u32 b, b, 1;
        st.global.u32 [z+4], b; //!
        WRITER
        atom.global.exch.b32 a, [z], 0;
        END:
        """;

    public static IReadOnlyList<Defect> All { get; } =
    [
        Race("two blocks that write one word", "mov.u32 a, {};\nmad.wide.u32 u, a, 4, y;\n@isThread0 st.global.u32 [u], bid; //!", "0", "bid", "y"),
        Race("read of what another block writes", """
            @isThread0 st.global.u32 [yi], bid; //!
            mov.u32 a, {};
            mad.wide.u32 u, a, 256, y;
            @isThread0 ld.global.u32 b, [u]; //!
            """, "0", "bid", "y") with { Also = FindingKind.UninitializedGlobal },
        Race("overwrite of what another block reads", """
            mad.wide.u32 v, bid, 4, x;
            @isThread0 ld.global.u32 a, [v]; //!
            mov.u32 b, {};
            mad.wide.u32 u, b, 4, x;
            @isThread0 st.global.u32 [u], 7; //!
            """, "0", "bid", "x"),
        Race(
            "plain update beside another block's", "@isThread0 {} //!", "ld.global.u32 a, [z]; add.u32 a, a, bid; @isThread0 st.global.u32 [z], a;",
            "red.global.add.u32 [z], bid;", "z"),
        Race(
            "plain read of a counter", "@isThread0 red.global.add.u32 [z], 1; //!\n@isThread0 {} //!", "ld.global.u32 a, [z];",
            "atom.global.add.u32 a, [z], 0;", "z") with { Kind = FindingKind.MissingFence },
        Race(
            "one byte that two blocks write", "mov.u32 a, {};\ncvt.u64.u32 u, a; add.u64 u, u, y;\ncvt.u16.u32 h, bid;\n@isThread0 st.global.u8 [u], h; //!",
            "3", "bid", "y+3"),

        Fence("flag without the writer's fence", Flag, "WRITER", "READFENCE", "membar.gl;"),
        Fence("flag without the reader's fence", Flag, "READFENCE", "WRITER", "membar.gl;"),
        Fence("flag behind a fence for the block only", Flag, "WRITER", "READFENCE", "fence.acq_rel.gpu;") with { Wrong = "membar.cta;" },
        Fence("last block done without the writer's fence", Last, "WRITER", "READFENCE", "membar.gl;") with { Grid = 4 },
        Fence("last block done without the reader's fence", Last, "READFENCE", "WRITER", "membar.gl;") with { Grid = 4 },
        Fence("lock taken without a fence", Lock, "READFENCE", "WRITER", "membar.gl;") with { Grid = 4 },
        Fence("lock given back without a fence", Lock, "WRITER", "READFENCE", "membar.gl;") with { Grid = 4 },
        new("flag for stores of threads without a common barrier", FindingKind.MissingFence, Many, "", "bar.sync 0;") { Grid = 2, Block = 96,
            Also = FindingKind.UninitializedGlobal },
        new("flag for stores of threads with a named barrier of half of them", FindingKind.MissingFence, Many, "@isWarp0 bar.sync 1, 32;",
            "bar.sync 1, 64;") { Grid = 2, Block = 96, Also = FindingKind.UninitializedGlobal },
        new("fence of one thread without a barrier for the others", FindingKind.MissingFence, One, "", "bar.sync 0;") { Grid = 2, Block = 96,
            Also = FindingKind.UninitializedGlobal },
        new("fence of one thread with a named barrier of half of the others", FindingKind.MissingFence, One, "bar.warp.sync -1;", "bar.sync 1, 64;") { Grid = 2,
            Block = 96, Also = FindingKind.UninitializedGlobal },
        new("flag read with relaxed instead of acquire", FindingKind.MissingFence, """
            @!isBlock0 bra READER;
            @isThread0 st.global.u32 [y], 5;
            @isThread0 st.release.gpu.global.u32 [z], 1;
            bra END;
            READER:
            SPIN:
            ld.{}.gpu.global.u32 a, [z];
            setp.eq.u32 p, a, 0;
            @p bra SPIN;
            ld.global.u32 b, [y]; //!
            END:
            """, "relaxed", "acquire") { Grid = 2, At = "y" },
        new("flag set with relaxed instead of release", FindingKind.MissingFence, """
            @!isBlock0 bra READER;
            @isThread0 st.global.u32 [y], 5;
            @isThread0 st.{}.gpu.global.u32 [z], 1;
            bra END;
            READER:
            SPIN:
            ld.acquire.gpu.global.u32 a, [z];
            setp.eq.u32 p, a, 0;
            @p bra SPIN;
            ld.global.u32 b, [y]; //!
            END:
            """, "relaxed", "release") { Grid = 2, At = "y" },
        new("data written after the fence", FindingKind.MissingFence, """
            @!isBlock0 bra READER;
            {} //!
            @isThread0 st.volatile.global.u32 [z], 1;
            bra END;
            READER:
            SPIN:
            ld.volatile.global.u32 a, [z];
            setp.eq.u32 p, a, 0;
            @p bra SPIN;
            membar.gl;
            ld.global.u32 b, [y]; //!
            END:
            """, "membar.gl; @isThread0 st.global.u32 [y], 5;", "@isThread0 st.global.u32 [y], 5; membar.gl;") { Grid = 2, At = "y" },

        new("non-coherent load of the thread's own store", FindingKind.NonCoherentLoad, "st.global.u32 [yi], tid;\nld.global.{}u32 a, [yi]; //!", "nc.",
            "") { At = "y", Thread = 0, Block = 32 },
        new("non-coherent load of another block's store", FindingKind.NonCoherentLoad,
            Flag.Replace("WRITER", "membar.gl;", StringComparison.Ordinal).Replace("READFENCE", "membar.gl;", StringComparison.Ordinal).Replace(
                "ld.global.u32 b", "ld.global.{}u32 b", StringComparison.Ordinal), "nc.", "") { Grid = 2, At = "y" },
        new("update in place through a non-coherent load", FindingKind.NonCoherentLoad,
            "ld.global.{}u32 a, [xi];\nadd.u32 a, a, 1;\nst.global.u32 [xi], a; //!", "nc.", "") { At = "x", Thread = 0, Block = 32 },
    ];

    private static Defect Race(string name, string body, string wrong, string right, string at) =>
        new(name, FindingKind.GlobalRace, body, wrong, right) { Grid = 2, At = at };

    /// <summary>A pattern with one of its two fences missing.</summary>
    private static Defect Fence(string name, string pattern, string missing, string present, string fence) => new(name, FindingKind.MissingFence,
        pattern.Replace(missing, "{}", StringComparison.Ordinal).Replace(present, fence, StringComparison.Ordinal), "", fence)
    { Grid = 2 };
}
