using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>synccheck: divergent barriers, inconsistent thread counts, deadlocks.</summary>
internal static class BarrierDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        Divergent("barrier that a lane bypasses", "{} bra END;\nbar.sync 0; //!\nEND:\nadd.u32 b, tid, 1;", "@isLane0", "setp.eq.u32 p, tid, 99; @p"),
        Divergent("half a warp that bypasses a barrier", "@isLow bra END;\nbar.sync 0; //!\nEND:\n{}\nret;", "add.u32 b, tid, 1;", ""),
        Divergent("lanes at two barriers of their warp", """
            {} bra ARM;
            bar.sync 1; //!
            bra END;
            ARM:
            bar.sync 2; //!
            END:
            """, "@isLow", "@isWarp0") with { Block = 32 },
        Divergent(
            "barrier in both arms of a warp's branch", "{} bra ARM;\nbar.sync 0; //!\nbra END;\nARM:\nbar.sync 0; //!\nEND:\nadd.u32 b, tid, 1;", "@isLow",
            "@isWarp1"),
        Divergent("barrier under a guard that holds for some lanes", "{} bar.sync 0;\nadd.u32 b, tid, 1;", "@isLow", ""),
        Divergent("barrier with a number that is not there", "bar.sync {};", "16", "15"),
        Divergent("barrier of a number of threads that is no multiple of a warp", "bar.sync 1, {};", "48", "64"),
        Divergent("barrier with inconsistent thread counts", "selp.u32 a, 64, {}, isWarp0;\nbar.sync 1, a; //!", "96", "64"),

        Stuck("named barrier with a warp too few", "bar.sync 1, {};", "96", "64"),
        Stuck("named barriers taken in opposite order", """
            selp.u32 a, 1, {}, isWarp0;
            xor.b32 b, a, 3;
            bar.sync a, 64; //!
            bar.sync b, 64;
            """, "2", "1"),
        Stuck("consumer whose producer never arrives", """
            @isWarp1 bra CONSUMER;
            {}
            bra END;
            CONSUMER:
            bar.sync 1, 64; //!
            END:
            """, "", "bar.arrive 1, 64;"),

    ];

    private static Defect Divergent(string name, string body, string wrong, string right) => new(name, FindingKind.DivergentBarrier, body, wrong, right);

    private static Defect Stuck(string name, string body, string wrong, string right) => new(name, FindingKind.Deadlock, body, wrong, right);
}
