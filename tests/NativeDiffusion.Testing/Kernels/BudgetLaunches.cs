using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Testing.Kernels;

/// <summary>
/// Shapes that stand for each kernel's use: a line each for a new one. The benchmarks time the same ones on a card. Here they run through the launchers and the
/// PTX that ships, counting only, so that the
/// counters are those of production code and need no compiler. Whether kernels are right is for their own tests.
/// </summary>
internal static class BudgetLaunches
{
    private const int Cube = 1024;

    public static IReadOnlyList<BudgetLaunch> All { get; } =
    [
        // Layers of the UNet at 512 x 512: two pictures, 64 x 64 and 32 x 32 pixels; a share that fits a block, and one that does not.
        GroupNorm(2, 320, 0, 4096, silu: true), GroupNorm(
            2, 320, 320, 4096, silu: true), GroupNorm(2, 640, 0, 1024, silu: true), GroupNorm(2, 640, 0, 1024, silu: false),
        // The VAE's first level: the largest there is.
        GroupNorm(1, 128, 0, 512 * 512, silu: true), GroupNorm(1, 512, 0, 512 * 512, silu: false),
        Softmax(4096, 4096), Softmax(64, 77), Softmax(4, 200_000),
        Philox("torch", 16384, (kernel, stream, y) => kernel.LaunchTorch(stream, y, 42, 0, 16384, 16384 / 4)),
        Philox("nv", 16384, (kernel, stream, y) => kernel.LaunchNv(stream, y, 42, 0, 16384)),
        .. GemmVariant.All.Select(variant => Gemm(variant, variant.IsAligned ? Cube : 250)),
    ];

    /// <summary>What launching one counts.</summary>
    public static IReadOnlyList<LaunchBudget> Count(BudgetLaunch launch) => Count(launch, new VirtualGpuOptions { IsCounting = true, HasChecks = false });

    /// <summary>The same on a virtual GPU that does more than count.</summary>
    public static IReadOnlyList<LaunchBudget> Count(BudgetLaunch launch, VirtualGpuOptions options)
    {
        using var driver = new VirtualCudaDriver(options with { Devices = [launch.Card], Budgets = ShippedBudgets.All });
        using (CudaContext context = CudaContext.Open(driver))
        {
            using ContextScope scope = context.Enter();
            using var stream = new CudaStream(context);
            using var memory = new BudgetMemory(context, stream);
            using PreparedLaunch prepared = launch.Prepare(new KernelLoader(context, compiler: null, cache: null, KernelList.ShippedPtx), memory);
            prepared.Launch(stream);
            stream.Synchronize();
        }

        if (driver.Findings.Count > 0) throw new InvalidOperationException(string.Join(Environment.NewLine, driver.Findings));

        return [.. driver.Launches.Select(counters => LaunchBudget.Of(counters, launch.Shape, launch.Card))];
    }

    // What Prepare gives away is disposed of by whoever asked.
    private static BudgetLaunch Gemm(GemmVariant variant, int size)
    {
        DeviceModel card = variant.Compilation.Fits(90) ? DeviceModel.H100 : DeviceModel.T4;
        return new BudgetLaunch(variant.Compilation, $"{size}x{size}x{size}", card, (loader, memory) =>
        {
            var kernel = new GemmKernel(loader, variant);
            long elements = (long)size * size;
            var segments = new GemmSegments(
                new GemmSegment { A = memory.Halves(elements), B = memory.Halves(elements), AStride = size, BStride = size, Depth = size });
            var epilogue = new GemmEpilogue { Bias = memory.Floats(size) };
            DevicePointer y = variant.IsFloat ? memory.Floats(elements) : memory.Halves(elements);
            return new PreparedLaunch(kernel, stream => kernel.Launch(stream, segments, epilogue, y, size, size, size));
        });
    }

    private static BudgetLaunch GroupNorm(int batch, int channels, int channels2, int spatial, bool silu) =>
        new(GroupNormKernel.Variant, $"{batch}x{spatial}x{(channels2 > 0 ? $"({channels}+{channels2})" : channels)}{(silu ? " SiLU" : "")}", DeviceModel.H100,
            (loader, memory) =>
        {
            const int Groups = 32;
            var kernel = new GroupNormKernel(loader);
            int all = channels + channels2;
            long work = GroupNormKernel.WorkspaceBytes(memory.Device, batch, channels, channels2, spatial, Groups);
            DevicePointer x = memory.Halves((long)batch * spatial * channels), x2 = channels2 > 0 ? memory.Halves((long)batch * spatial * channels2) : default;
            DevicePointer weight = memory.Floats(all), bias = memory.Floats(all), y = memory.Halves((long)batch * spatial * all), workspace = work > 0
                ? memory.Bytes(work) : default;
            return new PreparedLaunch(
                kernel, stream => kernel.Launch(stream, x, x2, weight, bias, y, workspace, batch, channels, channels2, spatial, Groups, 1e-5f, silu));
        });

    private static BudgetLaunch Softmax(int rows, int columns) => new(SoftmaxKernel.Variant, $"{rows}x{columns}", DeviceModel.H100, (loader, memory) =>
    {
        var kernel = new SoftmaxKernel(loader);
        DevicePointer x = memory.Halves((long)rows * columns), y = memory.Halves((long)rows * columns);
        return new PreparedLaunch(kernel, stream => kernel.Launch(stream, x, y, rows, columns, 1));
    });

    private static BudgetLaunch Philox(string source, int count, Action<PhiloxNormalKernel, CudaStream, DevicePointer> launch) =>
        new(PhiloxNormalKernel.Variant, $"{count} {source}", DeviceModel.H100, (loader, memory) =>
        {
            var kernel = new PhiloxNormalKernel(loader);
            DevicePointer y = memory.Floats(count);
            return new PreparedLaunch(kernel, stream => launch(kernel, stream, y));
        });
}
