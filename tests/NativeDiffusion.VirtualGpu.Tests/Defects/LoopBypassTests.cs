using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Lanes one loop iteration behind those that wait at an instruction do not bypass it: they reach it in the next iteration.</summary>
public sealed class LoopBypassTests
{
    // The first lane stores the sum of each iteration; the others may be at the next iteration's shuffle by then.
    private const string Ptx = """
        .version 7.0
        .target sm_80
        .address_size 64
        .visible .entry turns(.param .u64 y, .param .u32 n)
        {
            .reg .pred %p<4>;
            .reg .b32 %r<10>;
            .reg .b64 %rd<4>;
            ld.param.u64 %rd1, [y];
            ld.param.u32 %r1, [n];
            mov.u32 %r2, %tid.x;
            mov.u32 %r3, 0;
            mov.u32 %r4, %r2;
            setp.ne.u32 %p1, %r2, 0;
        TURN:
            shfl.sync.bfly.b32 %r5|%p2, %r4, 1, 31, -1;
            add.u32 %r4, %r4, %r5;
            @%p1 bra NEXT;
            st.global.u32 [%rd1], %r4;
        NEXT:
            add.u32 %r3, %r3, 1;
            setp.lt.u32 %p3, %r3, %r1;
            @%p3 bra TURN;
            ret;
        }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lanes_ATurnBehind_AreNoFinding(bool isAdversarial)
    {
        var device = new TestDevice(Ptx, new ExecutionOptions { Workers = 1, IsAdversarial = isAdversarial });
        DeviceArray<uint> y = device.Allocate<uint>(1);

        device.Launch("turns", 1, 32, y, 3000).Clean();

        // Lanes 0 and 1 hold 0 and 1; in each iteration both become their sum, which doubles from then on and overflows 32 bits.
        Assert.Equal(0u, y[0]);
    }
}
