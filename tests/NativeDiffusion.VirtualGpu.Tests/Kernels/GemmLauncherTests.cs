using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>The matrix product from its launcher on, on every card: choice, loading, arguments, stream and graph.</summary>
public sealed class GemmLauncherTests
{
    private static readonly int[] s_cards = [75, 80, 86, 89, 90, 120];

    [Theory]
    [CombinatorialData]
    public void Launch_OfTheChosenVariant_IsExact([CombinatorialValues(75, 80, 86, 89, 90, 120)] int card, bool isAligned, bool isFloat, bool isGraph)
    {
        using var device = new VirtualKernelDevice(new VirtualGpuOptions { Devices = [DeviceModel.Of(card)] });
        var problem = new GemmProblem(isAligned ? 72 : 7, isAligned ? 68 : 67, isAligned ? [40, 16] : [39, 1]) { HasBias = true, IsDense = true };
        GemmVariant variant = GemmVariant.Choose(problem.Rows, problem.Outputs, isAligned, isFloat, device.Device.Properties);
        var one = new GemmCase(variant, "launcher", problem);
        using ContextScope scope = device.Device.Context.Enter();
        using var memory = new KernelMemory(device.Device.Context, device.Device.Stream);
        KernelRun run = one.Prepare(device.Device, memory);
        if (isGraph)
        {
            using var graph = new CudaGraph(device.Device.Context);
            run.Launch(graph);
            using CudaGraphExec exec = graph.Instantiate();
            exec.Launch(device.Device.Stream);
        }
        else
        {
            run.Launch(device.Device.Stream);
        }

        Assert.Equal(one.Expected(), run.Output.Download(device.Device.Stream));
    }

    [Fact]
    public void Launch_OfWhatTheVariantCannotTake_IsRefused()
    {
        using var driver = new VirtualCudaDriver(new VirtualGpuOptions { Budgets = ShippedBudgets.All, Devices = [DeviceModel.H100] });
        using CudaContext context = CudaContext.Open(driver);
        using ContextScope scope = context.Enter();
        using var kernel = new GemmKernel(new KernelLoader(context, compiler: null, cache: null, KernelList.ShippedPtx), GemmVariant.All[0]);
        using var stream = new CudaStream(context);
        using var memory = new KernelMemory(context, stream);
        var segment = new GemmSegment { A = memory.Zeros(64), B = memory.Zeros(128), AStride = 8, BStride = 8, Depth = 8 };
        var segments = new GemmSegments(segment);
        GemmEpilogue epilogue = default;
        DevicePointer y = memory.Zeros(64);

        Assert.Throws<ArgumentException>("segments", () => kernel.Launch(stream, segments, epilogue, y + 2, 8, 4, 8));
        Assert.Throws<ArgumentException>("segments", () => kernel.Launch(stream, segments, epilogue, y, 8, 4, 7));
        Assert.Throws<ArgumentException>(
            "segments", () => kernel.Launch(stream, new GemmSegments(segment with { Depth = 7 }), epilogue, y, 8, 4, 8));
        Assert.Throws<ArgumentException>(
            "segments", () => kernel.Launch(stream, new GemmSegments(segment with { A = segment.A + 8 }), epilogue, y, 8, 4, 8));
        Assert.Throws<ArgumentOutOfRangeException>(
            "segments", () => kernel.Launch(stream, new GemmSegments(segment with { BStride = 1 << 23 }), epilogue, y, 8, 4, 8));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => kernel.Launch(stream, segments, epilogue, y, 8, 0, 8));
        Assert.Empty(driver.Launches);
    }

    /// <summary>Shapes of the denoiser at 512 x 512, two pictures, on a card of 132 multiprocessors: blocks fill it once or nearly.</summary>
    [Theory]
    [InlineData(8192, 320, 128, 160)]
    [InlineData(8192, 2560, 128, 256)]
    [InlineData(2048, 640, 64, 160)]
    [InlineData(512, 1280, 64, 64)]
    [InlineData(2, 1280, 64, 64)]
    public void Choose_OnALargeCard_FillsIt(int rows, int outputs, int tileM, int tileN)
    {
        using var driver = new VirtualCudaDriver(new VirtualGpuOptions { Budgets = ShippedBudgets.All, Devices = [DeviceModel.H100] });
        using CudaContext context = CudaContext.Open(driver);

        GemmTile tile = GemmVariant.Choose(rows, outputs, isAligned: true, isFloat: false, context.Device).Tile;

        Assert.Equal((tileM, tileN), (tile.M, tile.N));
    }

    /// <summary>Every card can hold every variant that is made for it.</summary>
    [Theory]
    [MemberData(nameof(Cards))]
    public void Variants_FitTheSharedMemoryOfTheirCards(int card) => Assert.All(
        GemmVariant.All.Where(variant => variant.Compilation.Fits(card)), variant =>
            Assert.InRange(variant.Tile.SharedBytes, 1, DeviceModel.Of(card).SharedPerBlockOptIn));

    public static TheoryData<int> Cards() => [.. s_cards];
}
