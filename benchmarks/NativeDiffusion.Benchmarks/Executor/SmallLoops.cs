namespace NativeDiffusion.Benchmarks.Executor;

/// <summary>Loops of PTX whose speed is looked at: arithmetic, memory, tensor cores.</summary>
internal static class SmallLoops
{
    private const string Head = """
        .version 7.0
        .target sm_80
        .address_size 64
        .visible .entry k(.param .u64 d, .param .u64 a, .param .u32 n)
        {
          .shared .align 16 .b8 sh[8192];
          .reg .b64 x, y, o; .reg .b32 t, n, i, s, w, u, v; .reg .b32 r<16>; .reg .f32 f<24>; .reg .pred p;
          ld.param.u64 x, [d]; ld.param.u64 y, [a]; ld.param.u32 n, [n_];
          mov.u32 t, %tid.x; mov.u32 i, 0; mul.wide.u32 o, t, 16; add.u64 x, x, o; add.u64 y, y, o; mov.u32 s, sh; mad.lo.u32 w, t, 16, s;
          cvt.rn.f32.u32 f0, t; mov.f32 f1, 0f3F7FFFFF; mov.f32 f2, 0f3A83126F; mov.u32 u, t; mov.u32 v, 7;
        """;

    private const string Tail = """
          add.u32 i, i, 1; setp.lt.u32 p, i, n; @p bra LOOP;
          st.global.f32 [x], f0; st.global.u32 [x+4], u;
          ret;
        }
        """;

    /// <summary>Single precision and integers, half and half.</summary>
    public static string Arithmetic => Kernel("""
        LOOP:
          fma.rn.f32 f0, f0, f1, f2; mad.lo.s32 u, u, v, i; fma.rn.f32 f3, f0, f1, f2; xor.b32 u, u, i; add.rn.f32 f4, f3, f0; shl.b32 r0, u, 3;
          mul.rn.f32 f5, f4, f1; add.s32 u, u, r0; max.f32 f6, f5, f0; and.b32 r1, u, 255; add.rn.f32 f0, f6, f2; add.s32 v, r1, 1;
        """);

    /// <summary>Vectors from global to shared memory and back, with a barrier.</summary>
    public static string Memory => Kernel("""
        LOOP:
          ld.global.v4.u32 {r0, r1, r2, r3}, [y];
          add.s32 r0, r0, i; xor.b32 r1, r1, r0;
          st.shared.v4.u32 [w], {r0, r1, r2, r3};
          bar.sync 0;
          ld.shared.u32 r4, [w+4]; ld.shared.u32 r5, [w+8]; add.s32 u, r4, r5;
          bar.sync 0;
          st.global.v4.u32 [x], {r0, r1, r2, u};
        """);

    /// <summary>The main loop of a matrix product: copies, fragments, sixteen tensor-core products.</summary>
    public static string Tensor
    {
        get
        {
            var text = new System.Text.StringBuilder("mov.f32 f0, 0f00000000;\n");
            for (int i = 1; i < 20; i++) text.Append(null, $"mov.f32 f{i}, 0f00000000;\n");
            text.Append("LOOP:\ncp.async.cg.shared.global [w], [y], 16; cp.async.commit_group; cp.async.wait_group 0; bar.sync 0;\n");
            text.Append(
                "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {r0, r1, r2, r3}, [w]; ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {r4, r5, r6, r7}, [w];\n");
            for (int k = 0; k < 16; k++)
            {
                int c = 4 * (k % 4), b = 4 + (2 * (k % 2));
                text.Append(
                    null,
                    $"mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {{f{c}, f{c + 1}, f{c + 2}, f{c + 3}}}, {{r0, r1, r2, r3}}, {{r{b}, r{b + 1}}}, "
                        + $"{{f{c}, f{c + 1}, f{c + 2}, f{c + 3}}};\n");
            }
            return Kernel(text.Append("bar.sync 0;\n").ToString());
        }
    }

    private static string Kernel(string body) => (Head + body + Tail).Replace(".param .u32 n)", ".param .u32 n_)", StringComparison.Ordinal);
}
