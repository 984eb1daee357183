using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Findings name the source line and the inlined call sites.</summary>
public sealed class LocationTests
{
    private const string Inlined = """
        .version 7.2
        .target sm_80
        .address_size 64
        .file 1 "outer.cu"
        .file 2 "inner.cuh"
        .visible .entry defect(.param .u64 px)
        {
        .reg .b32 a;
        .reg .b64 x;
        .loc 1 10 3
        ld.param.u64 x, [px];
        .loc 2 7 5, function_name name1, inlined_at 1 12 3
        mov.u32 a, 1;
        .loc 2 3 9, function_name name2, inlined_at 2 7 5
        ld.global.u32 a, [x+64];
        ret;
        }
        .section .debug_str
        {
        name1:
        .b8 102, 0
        name2:
        .b8 103, 0
        }
        """;

    private const string Source = """
        __device__ __forceinline__ int inner(const int* p, int i)
        {
            return p[i + 16];
        }
        __device__ __forceinline__ int outer(const int* p, int i)
        {
            return inner(p, i) + 1;
        }
        extern "C" __global__ void defect(int* p, int i)
        {
            p[0] =
                outer(p, i);
        }
        """;

    [Fact]
    public void InlinedLine_NamesEveryCall()
    {
        var device = new TestDevice(Inlined);
        Finding finding = Assert.Single(device.Launch("defect", 1, 1, device.Upload(new uint[16])).Findings);
        Assert.Equal("inner.cuh:3", finding.Source);
        Assert.Contains(
            "At inner.cuh:3, inlined at inner.cuh:7, inlined at outer.cu:12 (PTX line 15): ld.global.u32 a, [x+64];", finding.Message,
            StringComparison.Ordinal);
        Assert.Equal(15, finding.PtxLine);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void LineOfRealCode_IsTheOneAtFault(int version)
    {
        var device = new TestDevice(Nvrtc.Require(version).ToPtx(Source, 80));
        Finding finding = Assert.Single(device.Launch("defect", 1, 1, device.Upload(new uint[16]), 0).Findings);
        Assert.EndsWith("kernel.cu:3", finding.Source, StringComparison.Ordinal);
        Assert.Matches(@"kernel\.cu:3, inlined at \S*kernel\.cu:7, inlined at \S*kernel\.cu:12 ", finding.Message);
    }
}
