using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>synccheck: diverged lanes, invalid member masks, shuffles from inactive lanes.</summary>
internal static class WarpDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        Apart("shuffle in two branches that each name all lanes", """
            @isLow bra LOW;
            shfl.sync.bfly.b32 a, tid, 1, 31, {}; //!
            bra END;
            LOW:
            shfl.sync.bfly.b32 a, tid, 1, 31, 0xFFFF; //!
            END:
            add.u32 b, tid, 1;
            """, "-1", "0xFFFF0000"),
        Apart(
            "shuffle that half of its member lanes bypass", "@isLow bra END;\nshfl.sync.bfly.b32 a, tid, 1, 31, {}; //!\nEND:\nadd.u32 b, tid, 1;", "-1",
            "0xFFFF0000"),
        Apart("vote that a lane bypasses", "@isLane0 bra END;\nvote.sync.ballot.b32 a, isLow, {}; //!\nEND:\nadd.u32 b, tid, 1;", "-1", "0xFFFFFFFE"),
        Apart("warp barrier that a lane bypasses", "@isLane0 bra END;\nbar.warp.sync {}; //!\nEND:\nadd.u32 b, tid, 1;", "-1", "0xFFFFFFFE"),
        Apart("ldmatrix by half a warp", """
            st.shared.u32 [si], tid;
            bar.warp.sync -1;
            {}
            mov.u32 d, s; and.b32 a, lane, 7;
            mad.lo.u32 a, a, 16, d;
            ldmatrix.sync.aligned.m8n8.x1.shared.b16 {b}, [a]; //!
            END:
            add.u32 b, tid, 1;
            """, "@isLow bra END;", "") with { Block = 32 },
        Apart("matrix product by the lanes that are left", """
            mov.u32 a, 0;
            {}
            mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16 {e0, e1}, {a, a}, {a}, {a, a}; //!
            """, "@isLow ret;", "") with { Block = 32 },

        Mask(
            "mask without the lane itself", "shfl.sync.bfly.b32 a, tid, 1, 31, {};", "0xFFFF", "-1") with { Thread = 16, Block = 32,
            Also = FindingKind.InactiveLane },
        Mask("inconsistent member masks", "selp.u32 e, {}, 0xFFFF0000, isLow;\nvote.sync.any.pred p, isLow, e; //!", "-1", "0xFFFF"),
        Mask("half a mask for a whole warp's match", "match.any.sync.b32 a, tid, {};", "0xFFFF0000", "-1") with { Thread = 0, Block = 32 },

        Absent("value of a lane outside the branch", "@!isLow bra END;\nshfl.sync.idx.b32 a, tid, {}, 31, 0xFFFF; //!\nEND:\nadd.u32 b, tid, 1;", "20", "3"),
        Absent("value of a lane that has exited", "@!isLow ret;\nshfl.sync.bfly.b32 a, tid, {}, 31, -1; //!", "16", "8"),
        Absent("value of a lane beyond the block's last thread", "shfl.sync.down.b32 a, tid, {}, 31, 0xFF; //!", "1", "0") with { Block = 8, Thread = 7 },
    ];

    private static Defect Apart(string name, string body, string wrong, string right) => new(name, FindingKind.DivergentWarp, body, wrong, right);

    private static Defect Mask(string name, string body, string wrong, string right) => new(name, FindingKind.BadMemberMask, body, wrong, right);

    private static Defect Absent(string name, string body, string wrong, string right) => new(name, FindingKind.InactiveLane, body, wrong, right);
}
