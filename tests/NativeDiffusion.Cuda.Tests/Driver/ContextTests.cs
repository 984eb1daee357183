using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>The engine's messages for a driver's statuses, and the host cost of a launch.</summary>
public sealed class ContextTests
{
    [Fact]
    public void Open_CardThatIsNotThere_SaysHowManyThereAre()
    {
        using VirtualCudaDriver card = Card();

        DeviceException exception = Assert.Throws<DeviceException>(() => CudaContext.Open(card, 3));

        Assert.Contains("cuda:3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("1 card", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DriverThatIsTooOld_SaysWhichIsNeeded()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { DriverVersion = 11080 });

        DeviceException exception = Assert.Throws<DeviceException>(() => CudaContext.Open(card));

        Assert.Contains("11.8", exception.Message, StringComparison.Ordinal);
        Assert.Contains("525", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Allocation_BeyondTheCard_TellsRequestedFreeAndTotal()
    {
        using VirtualCudaDriver card = Card();
        using CudaContext context = CudaContext.Open(card);
        using ContextScope scope = context.Enter();

        CudaOutOfMemoryException exception = Assert.Throws<CudaOutOfMemoryException>(() => new DeviceBuffer(context, 1L << 45));

        Assert.Equal(1L << 45, exception.Requested);
        Assert.Equal(context.Device.TotalMemory, exception.Total);
        Assert.InRange(exception.Free, 1, exception.Total);
        Assert.Equal("cuMemAlloc", exception.Call);
        Assert.Equal(0, context.LiveHandles);
    }

    [Fact]
    public void StickyError_BreaksTheContext_AndLaterCallsSaySoFirst()
    {
        using VirtualCudaDriver card = Card();
        var driver = new FailingCudaDriver(card);
        using CudaContext context = CudaContext.Open(driver);
        using var stream = Entered(context, () => new CudaStream(context));
        using (context.Enter())
        {
            driver.Rule = (name, _) => name is "cuStreamSynchronize" or "cuStreamQuery" ? CUresult.CUDA_ERROR_ILLEGAL_ADDRESS : null;
            CudaException first = Assert.Throws<CudaException>(stream.Synchronize);
            Assert.Equal("CUDA_ERROR_ILLEGAL_ADDRESS", first.Name);
            Assert.Contains("NDIFF_SYNC=1", first.Message, StringComparison.Ordinal);
            Assert.Equal("cuStreamSynchronize (CUDA_ERROR_ILLEGAL_ADDRESS)", context.BrokenBy);

            CudaException second = Assert.Throws<CudaException>(() => stream.IsDone);
            Assert.StartsWith("The context was lost earlier, by cuStreamSynchronize", second.Message, StringComparison.Ordinal);
        }

        Assert.Contains("cuStreamSynchronize", Assert.Throws<DeviceException>(() => context.Enter()).Message, StringComparison.Ordinal);
    }

    /// <summary>A driver newer than our list supplies the name of a status; otherwise the number is used.</summary>
    [Fact]
    public void UnknownStatus_KeepsItsNumber()
    {
        using VirtualCudaDriver card = Card();
        var driver = new FailingCudaDriver(card) { Rule = (name, _) => name == "cuInit" ? (CUresult)12345 : null };

        CudaException exception = Assert.Throws<CudaException>(() => CudaContext.Open(driver));

        Assert.Equal(12345, exception.Status);
        Assert.Contains("12345", exception.Name, StringComparison.Ordinal);
        Assert.Equal("cuInit", exception.Call);
    }

    [Fact]
    public void MissingFunction_IsNamedWithTheVersionThatHasIt()
    {
        using VirtualCudaDriver card = Card();

        CudaException exception = CudaStatus.Exception(card, CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER, "context.Driver.cuFuncLoad(function)");

        Assert.Equal("cuFuncLoad", exception.Call);
        Assert.Contains("CUDA 12.4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SynchronousLaunches_NameTheKernel()
    {
        using VirtualCudaDriver card = Card();
        var driver = new FailingCudaDriver(card);
        using CudaContext context = CudaContext.Open(driver, synchronousLaunches: true);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var buffer = new DeviceBuffer(context, 64);
        using var kernel = new PhiloxNormalKernel(new KernelLoader(context, null, null, KernelList.ShippedPtx));
        driver.Rule = (name, _) => name == "cuStreamSynchronize" ? CUresult.CUDA_ERROR_LAUNCH_FAILED : null;

        CudaException exception = Assert.Throws<CudaException>(() => kernel.LaunchNv(stream, buffer.Pointer, 1, 0, 16));

        Assert.Contains("philox_normal_nv_f32", exception.Message, StringComparison.Ordinal);
        Assert.Equal("cuStreamSynchronize", exception.Call);
    }

    [Fact]
    public void Launch_WithOtherArgumentsThanTheKernelHas_IsRefused()
    {
        using VirtualCudaDriver card = Card();
        using CudaContext context = CudaContext.Open(card);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using CudaModule module = new KernelLoader(context, null, null, KernelList.ShippedPtx).Load(SoftmaxKernel.Variant);
        CudaFunction softmax = module.Function("softmax_f16");
        DevicePointer none = default;

        Assert.Contains("5 parameters", Refused(none, none, 1, 1, 1f, 0), StringComparison.Ordinal);
        Assert.Contains("more parameters than the 4", Refused(none, none, 1, 1), StringComparison.Ordinal);
        Assert.Contains("Parameter 2 ", Refused(none, none, 1L, 1, 1f), StringComparison.Ordinal);

        string Refused(params KernelArgument[] arguments) =>
            Assert.Throws<InvalidOperationException>(() => stream.Launch(softmax, 1, 32, 0, arguments)).Message;
    }

    [Fact]
    public void Launch_AllocatesNothing()
    {
        using VirtualCudaDriver card = Card();
        var driver = new FailingCudaDriver(card);
        using CudaContext context = CudaContext.Open(driver);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var kernel = new SoftmaxKernel(new KernelLoader(context, null, null, KernelList.ShippedPtx));
        using var buffer = new DeviceBuffer(context, 64);
        // Only host time is measured: the launch itself is stubbed.
        driver.Rule = (name, _) => name == "cuLaunchKernel" ? CUresult.CUDA_SUCCESS : null;
        kernel.Launch(stream, buffer.Pointer, buffer.Pointer, 1, 32, 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            kernel.Launch(stream, buffer.Pointer, buffer.Pointer, 1, 32, 1);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static VirtualCudaDriver Card() => new(new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.A100] });

    private static T Entered<T>(CudaContext context, Func<T> make)
    {
        using ContextScope scope = context.Enter();
        return make();
    }
}
