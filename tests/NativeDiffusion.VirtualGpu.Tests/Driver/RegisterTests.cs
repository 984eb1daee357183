using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

/// <summary>Register counts, which PTX does not contain, come from the cubin of the same compilation or from the committed table; others are unknown.</summary>
public sealed class RegisterTests
{
    public static TheoryData<int> Cards() => [75, 80, 86, 89, 90, 120];

    [Theory]
    [MemberData(nameof(Cards))]
    public void ShippedKernels_HaveThoseOfTheTable(int capability)
    {
        using var driver = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Budgets = ShippedBudgets.All, Devices = [DeviceModel.Of(capability)] });
        using CudaContext context = CudaContext.Open(driver);
        using ContextScope scope = context.Enter();
        var loader = new KernelLoader(context, compiler: null, cache: null, KernelList.ShippedPtx);
        KernelBudgets table = ShippedBudgets.All;
        foreach (KernelVariant variant in KernelList.All.Where(variant => variant.Fits(capability)))
        {
            using CudaModule module = loader.Load(variant);
            KernelBudget budget = table.Kernels.Single(kernel => kernel.Variant == variant.Name);
            foreach (string entry in budget.Cubins.Select(cubin => cubin.Entry).Distinct())
            {
                int expected = budget.CubinFor(entry, capability)!.Registers;
                Assert.True(expected > 0);
                Assert.Equal(expected, Registers(driver, module.Function(entry)));
            }
        }
    }

    [Fact]
    public void Occupancy_OfAShippedProduct_IsBoundByItsRegisters()
    {
        using var driver = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Budgets = ShippedBudgets.All, Devices = [DeviceModel.H100] });
        using CudaContext context = CudaContext.Open(driver);
        using ContextScope scope = context.Enter();
        GemmVariant variant = GemmVariant.All.First(one => one.Tile is { M: 128, N: 128 } && one.Compilation.Fits(90));
        using CudaModule module = new KernelLoader(context, compiler: null, cache: null, KernelList.ShippedPtx).Load(variant.Compilation);

        // 255 registers: 8192 per warp, so 8 warps per multiprocessor, which are two blocks of 128 threads; without shared memory nothing else limits them as
        // low.
        Assert.Equal(2, module.Function("gemm_f16").BlocksPerMultiprocessor(128, 0));
    }

    [Fact]
    public void CompiledKernels_HaveThoseOfTheirCubin()
    {
        KernelCompiler compiler = NvrtcVersions.Compiler(NvrtcVersions.Oldest);
        using var driver = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Budgets = ShippedBudgets.All, Devices = [DeviceModel.H100] });
        using CudaContext context = CudaContext.Open(driver);
        using ContextScope scope = context.Enter();
        KernelImage image = compiler.Compile(SoftmaxKernel.Variant, "sm_90").Image;
        CubinFile cubin = CubinFile.Read(image.Cubin.Span, "softmax");
        string ptx = string.Join('\n', Encoding.UTF8.GetString(image.Ptx.Span).Split('\n').Where(line => !line.StartsWith("//", StringComparison.Ordinal)));

        Assert.Null(CudaModule.Load(context, image.Cubin.Span, out _, out _));
        using CudaModule known = CudaModule.Load(context, Encoding.UTF8.GetBytes(ptx), out _, out _)!;
        using CudaModule unknown = CudaModule.Load(context, Encoding.UTF8.GetBytes(ptx), out _, out _)!;

        Assert.All(cubin.Kernels, kernel => Assert.Equal(kernel.Registers, Registers(driver, known.Function(kernel.Name))));
        Assert.All(cubin.Kernels, kernel => Assert.Equal(0, Registers(driver, unknown.Function(kernel.Name))));
    }

    [Fact]
    public void CubinOfOtherKernels_TellsNothing()
    {
        KernelCompiler compiler = NvrtcVersions.Compiler(NvrtcVersions.Oldest);
        using var driver = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Budgets = ShippedBudgets.All, Devices = [DeviceModel.H100] });
        using CudaContext context = CudaContext.Open(driver);
        using ContextScope scope = context.Enter();

        Assert.Null(CudaModule.Load(context, compiler.Compile(SoftmaxKernel.Variant, "sm_90").Image.Cubin.Span, out _, out _));
        using CudaModule module = CudaModule.Load(context, Encoding.UTF8.GetBytes(SmallKernels.Add), out _, out _)!;

        Assert.Equal(0, Registers(driver, module.Function("add")));
    }

    private static int Registers(VirtualCudaDriver driver, CudaFunction function)
    {
        Assert.Equal(CUresult.CUDA_SUCCESS, driver.cuFuncGetAttribute(out int registers, CUfunction_attribute.CU_FUNC_ATTRIBUTE_NUM_REGS, function.Handle));
        return registers;
    }
}
