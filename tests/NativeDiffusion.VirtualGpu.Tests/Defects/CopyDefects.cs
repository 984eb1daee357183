using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>racecheck: cp.async destinations accessed before the wait, or with a wait in other lanes only.</summary>
internal static class CopyDefects
{
    private const string Copy = "cp.async.ca.shared.global [si], [xi], 4;";

    public static IReadOnlyList<Defect> All { get; } =
    [
        Early("copy read before its wait", Copy + "\ncp.async.commit_group;\n{}\nld.shared.u32 a, [si]; //!", "", "cp.async.wait_group 0;"),
        Early(
            "copy read after a barrier, but before its wait", Copy + "\ncp.async.commit_group;\n{}\nbar.sync 0;\nld.shared.u32 a, [si]; //!", "",
            "cp.async.wait_all;"),
        Early(
            "group waited for one too few", Copy
            + "\ncp.async.commit_group;\ncp.async.ca.shared.global [si+256], [xi], 4;\ncp.async.commit_group;\ncp.async.wait_group {};\nld.shared.u32 a, "
            + "[si+256]; //!", "1", "0"),
        Early("second of three groups under a wait for all but two", """
            cp.async.ca.shared.global [si], [xi], 4;
            cp.async.commit_group;
            cp.async.ca.shared.global [si+256], [xi], 4;
            cp.async.commit_group;
            cp.async.commit_group;
            cp.async.wait_group {};
            ld.shared.u32 a, [si+256]; //!
            """, "2", "1"),
        Early("copy without a committed group", Copy + "\n{}\ncp.async.wait_group 0;\nld.shared.u32 a, [si]; //!", "", "cp.async.commit_group;"),
        Early("store to a copy in flight", Copy + "\ncp.async.commit_group;\n{}\nst.shared.u32 [si], tid; //!", "", "cp.async.wait_group 0;"),
        Early(
            "copy to a copy in flight", Copy + "\ncp.async.commit_group;\n{}\ncp.async.ca.shared.global [si], [xi+4], 4; //!", "", "cp.async.wait_group 0;"),
        Early("ldmatrix of rows under way", """
            cp.async.ca.shared.global [si], [xi], 4;
            cp.async.commit_group;
            {}
            bar.warp.sync -1;
            mov.u32 d, s; and.b32 a, lane, 7;
            mad.lo.u32 a, a, 16, d;
            ldmatrix.sync.aligned.m8n8.x1.shared.b16 {b}, [a]; //!
            """, "", "cp.async.wait_group 0;") with { Block = 32 },
        Early(
            "wait that some lanes bypass", Copy + "\ncp.async.commit_group;\n{} cp.async.wait_group 0;\nbar.sync 0;\nld.shared.u32 a, [si]; //!", "@isLow",
            "") with { Thread = -1 },
        Early("wait behind the barrier that others read behind", """
            mov.u32 d, s;
            xor.b32 a, tid, 32;
            mad.lo.u32 a, a, 4, d;
            cp.async.ca.shared.global [si], [xi], 4;
            cp.async.commit_group;
            {}
            ld.shared.u32 b, [a]; //!
            """, "bar.sync 0; cp.async.wait_group 0;", "cp.async.wait_group 0; bar.sync 0;") with { Also = FindingKind.SharedRace, Thread = -1 },

        new("another warp's copy, waited for but without a barrier", FindingKind.SharedRace, """
            mov.u32 d, s;
            xor.b32 a, tid, 32;
            mad.lo.u32 a, a, 4, d;
            cp.async.ca.shared.global [si], [xi], 4; //!
            cp.async.wait_all;
            {}
            ld.shared.u32 b, [a]; //!
            """, "bar.warp.sync -1;", "bar.sync 0;") { Also = FindingKind.UninitializedShared },
        new("a neighbour's copy, waited for but without a warp barrier", FindingKind.MissingWarpSync, """
            mov.u32 d, s;
            xor.b32 a, tid, 1;
            mad.lo.u32 a, a, 4, d;
            cp.async.ca.shared.global [si], [xi], 4; //!
            cp.async.wait_all;
            {}
            ld.shared.u32 b, [a]; //!
            """, "", "bar.warp.sync -1;") { Also = FindingKind.MissingAsyncCopyWait },
        new("slot refilled while another warp reads it", FindingKind.SharedRace, """
            mov.u32 d, s;
            xor.b32 a, tid, 32;
            mad.lo.u32 a, a, 4, d;
            cp.async.ca.shared.global [si], [xi], 4;
            cp.async.wait_all;
            bar.sync 0;
            ld.shared.u32 b, [a]; //!
            {}
            cp.async.ca.shared.global [si], [xi+4], 4; //!
            """, "", "bar.sync 0;") { Also = FindingKind.MissingAsyncCopyWait },
    ];

    private static Defect Early(string name, string body, string wrong, string right) => new(name, FindingKind.MissingAsyncCopyWait, body, wrong, right);
}
