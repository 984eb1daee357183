namespace NativeDiffusion.Testing.Cuda;

/// <summary>Hand-written PTX for tests of the driver.</summary>
internal static class SmallKernels
{
    /// <summary>out[i] = in[i] + value for i below n.</summary>
    public const string Add = """
        .version 7.0
        .target sm_75
        .address_size 64
        .visible .entry add(.param .u64 result, .param .u64 source, .param .u32 value, .param .u32 n)
        {
          .reg .pred %p<2>;
          .reg .b32 %r<8>;
          .reg .b64 %rd<8>;
          ld.param.u64 %rd1, [result];
          ld.param.u64 %rd2, [source];
          ld.param.u32 %r1, [value];
          ld.param.u32 %r2, [n];
          mov.u32 %r3, %ctaid.x;
          mov.u32 %r4, %ntid.x;
          mov.u32 %r5, %tid.x;
          mad.lo.s32 %r6, %r3, %r4, %r5;
          setp.ge.s32 %p1, %r6, %r2;
          @%p1 bra DONE;
          cvta.to.global.u64 %rd3, %rd1;
          cvta.to.global.u64 %rd4, %rd2;
          mul.wide.s32 %rd5, %r6, 4;
          add.s64 %rd6, %rd4, %rd5;
          add.s64 %rd7, %rd3, %rd5;
          ld.global.u32 %r7, [%rd6];
          add.s32 %r7, %r7, %r1;
          st.global.u32 [%rd7], %r7;
        DONE:
          ret;
        }
        """;

    /// <summary>Uses static and dynamic shared memory, whatever there is.</summary>
    public const string Shared = """
        .version 7.0
        .target sm_75
        .address_size 64
        .extern .shared .align 16 .b8 dynamic[];
        .visible .entry shared(.param .u64 result)
        .maxntid 256, 1, 1
        {
          .reg .b32 %r<4>;
          .reg .b64 %rd<3>;
          .shared .align 4 .b8 fixed[1024];
          ld.param.u64 %rd1, [result];
          mov.u32 %r1, fixed;
          mov.u32 %r2, dynamic;
          sub.u32 %r3, %r2, %r1;
          st.global.u32 [%rd1], %r3;
          ret;
        }
        """;
}
