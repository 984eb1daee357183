using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>The main loop that the assembler makes of the matrix product for compute capability 9.0, large tiles.</summary>
public sealed class GemmCodeTests
{
    private const double Instructions = 2.3;
    private const double MatrixLoads = 0.25;
    private const double StallCycles = 8.5;

    public static TheoryData<int> LargeTiles() => GemmCostTests.LargeTiles();

    [Theory]
    [MemberData(nameof(LargeTiles))]
    public void MainLoop_OfTheOldestNvrtc_IsWithinBudget(int variant) => Check(Compile(variant, NvrtcVersions.Oldest));

    [Theory]
    [MemberData(nameof(LargeTiles))]
    public void MainLoop_OfTheNewestNvrtc_IsWithinBudget(int variant) => Check(Compile(variant, NvrtcVersions.Newest));

    [Theory]
    [MemberData(nameof(LargeTiles))]
    public void MainLoop_OfShippedPtx_IsWithinBudget(int variant)
    {
        Toolkit tools = Toolkit.Require();
        foreach (int capability in (int[])[80, 90])
        {
            string file = ShippedPtx.FileName(GemmVariant.All[variant].Compilation, capability);
            Check(CubinFile.Read(tools.Assemble(Encoding.UTF8.GetString(KernelList.ShippedPtx.Read(file)!), "sm_90").Cubin, file));
        }
    }

    private static CubinFile Compile(int variant, string compiler) =>
        CubinFile.Read(
            NvrtcVersions.Compiler(
            compiler).Compile(GemmVariant.All[variant].Compilation, "sm_90").Image.Cubin.ToArray(), GemmVariant.All[variant].Compilation.Name);

    private static void Check(CubinFile cubin)
    {
        CubinKernel kernel = cubin.Kernel("gemm_f16");
        SassLoop loop = kernel.MainLoop!;

        Assert.InRange(loop.InstructionsPerTensor, 1, Instructions);
        Assert.InRange(loop.MatrixLoadsPerTensor, 0.1, MatrixLoads);
        Assert.InRange(loop.StallCyclesPerTensor, 1, StallCycles);
        Assert.Equal(0, kernel.LocalBytes);
        Assert.Equal((0, 0), (kernel.LocalLoads, kernel.LocalStores));
        Assert.InRange(kernel.Registers, 1, 255);
    }
}
