using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>memcheck: out-of-bounds and misaligned addresses, stores to read-only memory.</summary>
internal static class AddressDefects
{
    public static IReadOnlyList<Defect> All { get; } =
    [
        Outside("load behind the end of global memory", "ld.global.u32 a, [x+1024];", "ld.global.u32 a, [x+1020];", "x+1024"),
        Outside("store in front of global memory", "@isThread0 st.global.u32 [x-4], tid;", "@isThread0 st.global.u32 [x], tid;", "x-4"),
        Outside("load between two allocations", "ld.global.u32 a, [x+8192];", "ld.global.u32 a, [x+128];", "x+8192"),
        Outside("index 16 in 64 bytes", "red.global.add.u32 [z+64], 1;", "red.global.add.u32 [z+60], 1;", "z+64"),
        Outside("address without its upper half", "cvt.u32.u64 a, x; cvt.u64.u32 u, a; ld.global.u32 a, [u];", "ld.global.u32 a, [x];", null),
        Outside("generic load behind the end", "ld.u32 a, [x+1024];", "ld.u32 a, [x+1020];", "x+1024"),
        Outside(
            "last thread of a row", "add.u64 u, xi, 772; ld.global.u32 a, [u];", "add.u64 u, xi, 768; ld.global.u32 a, [u];", "x+1024") with { Thread = 63 },
        Outside(
            "asynchronous copy from behind the end", "cp.async.ca.shared.global [s], [x+1024], 4;", "cp.async.ca.shared.global [s], [x+1020], 4;",
            "x+1024") with { Block = 1 },
        Outside(
            "asynchronous copy to behind shared memory", "cp.async.ca.shared.global [s+512], [x], 4;", "cp.async.ca.shared.global [s+508], [x], 4;",
            "s+512") with { Block = 1 },
        Outside("store behind shared memory", "@isThread0 st.shared.u32 [s+512], tid;", "@isThread0 st.shared.u32 [s+508], tid;", "s+512"),
        Outside("store in front of shared memory", "@isThread0 st.shared.u32 [s-4], tid;", "@isThread0 st.shared.u32 [s], tid;", "s-4"),
        Outside("generic store behind shared memory",
            "mov.u64 u, s; cvta.shared.u64 u, u; @isThread0 st.u32 [u+512], tid;", "mov.u64 u, s; cvta.shared.u64 u, u; @isThread0 st.u32 [u+508], tid;",
                "s+512"),
        Outside(
            "store behind dynamic shared memory", "@isThread0 st.shared.u32 [dyn+64], tid;", "@isThread0 st.shared.u32 [dyn+60], tid;",
            "dyn+64") with { DynamicShared = 64 },
        Outside("dynamic shared memory that the launch did not ask for", "@isThread0 st.shared.u32 [dyn], tid;", "", null),
        Outside("store behind local memory", "st.local.u32 [l+64], tid;", "st.local.u32 [l+60], tid;", "l+64"),
        Outside("store in front of local memory", "st.local.u32 [l-4], tid;", "st.local.u32 [l], tid;", "l-4"),
        Outside("load behind constants", "ld.const.u32 a, [c+16];", "ld.const.u32 a, [c+12];", "c+16"),
        Outside("load behind parameters", "ld.param.u64 u, [pz+8];", "ld.param.u64 u, [pz];", "param+24"),

        Crooked("two bytes beside a word", "ld.global.u32 a, [x+2];", "ld.global.u32 a, [x+4];", "x+2"),
        Crooked("vector of two at a word", "ld.global.v2.u32 {a, b}, [x+4];", "ld.global.v2.u32 {a, b}, [x+8];", "x+4"),
        Crooked("atomic beside a word", "red.global.add.u32 [z+2], 1;", "red.global.add.u32 [z+4], 1;", "z+2"),
        Crooked("shared word at a half", "@isThread0 st.shared.u32 [s+2], tid;", "@isThread0 st.shared.u32 [s+4], tid;", "s+2"),
        Crooked("local word at a half", "st.local.u32 [l+2], tid;", "st.local.u32 [l+4], tid;", "l+2"),
        Crooked("constant word at a half", "ld.const.u32 a, [c+2];", "ld.const.u32 a, [c+4];", "c+2"),
        Crooked("parameter of eight bytes at four", "ld.param.u64 u, [px+4];", "ld.param.u64 u, [px+8];", "param+4"),
        Crooked(
            "asynchronous copy of sixteen bytes to a word", "cp.async.cg.shared.global [s+4], [x], 16;", "cp.async.cg.shared.global [s+16], [x], 16;",
            "s+4") with { Block = 1 },
        Crooked(
            "asynchronous copy of sixteen bytes from a word", "cp.async.cg.shared.global [s], [x+8], 16;", "cp.async.cg.shared.global [s], [x+16], 16;",
            "x+8") with { Block = 1 },
        // Declared with word alignment, so a vector access is misaligned.
        Crooked("dynamic shared memory aligned better than declared",
            "@isThread0 st.shared.v4.u32 [narrow], {a, a, a, a};", "@isThread0 st.shared.v4.u32 [dyn], {a, a, a, a};", null) with { DynamicShared = 64 },
        new("ldmatrix row that is not 16-byte aligned", FindingKind.Misaligned, """
            st.shared.u32 [si], tid;
            bar.warp.sync -1;
            mov.u32 d, s; and.b32 a, lane, 7;
            mad.lo.u32 a, a, 16, d;
            {}
            ldmatrix.sync.aligned.m8n8.x1.shared.b16 {b}, [a]; //!
            """,
            "add.u32 a, a, 8;", "") { Block = 32, At = "s+8" },

        ReadOnly(
            "store to a parameter", "mov.b64 u, px; cvta.param.u64 u, u; @isThread0 st.u32 [u], tid;",
            "mov.b64 u, px; cvta.param.u64 u, u; @isThread0 ld.u32 a, [u];"),
        ReadOnly(
            "store to a constant", "mov.u64 u, c; cvta.const.u64 u, u; @isThread0 st.u32 [u], tid;",
            "mov.u64 u, c; cvta.const.u64 u, u; @isThread0 ld.u32 a, [u];"),
    ];

    private static Defect Outside(string name, string wrong, string right, string? at) => new(name, FindingKind.OutOfBounds, "{}", wrong, right) { At = at };

    private static Defect Crooked(string name, string wrong, string right, string? at) => new(name, FindingKind.Misaligned, "{}", wrong, right) { At = at };

    private static Defect ReadOnly(string name, string wrong, string right) => new(name, FindingKind.ReadOnlyStore, "{}", wrong, right) { Thread = 0 };
}
