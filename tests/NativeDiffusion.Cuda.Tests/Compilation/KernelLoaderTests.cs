using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.Cuda.Tests.Compilation;

/// <summary>The order of alternatives: cubin for the GPU, its PTX, the shipped PTX; and the message if all fail.</summary>
public sealed class KernelLoaderTests
{
    [Fact]
    public void Load_WithoutNvrtc_TakesTheShippedPtx()
    {
        var session = new Session(90, null);

        Assert.Equal(["PTX of sm_90"], session.Loaded(SoftmaxKernel.Variant));
    }

    [Fact]
    public void Load_CardThatNvrtcKnows_TriesCodeAndThenItsPtx()
    {
        // The virtual GPU accepts no cubin, like a GPU of another architecture.
        var session = new Session(80, NvrtcVersions.Compiler(NvrtcVersions.Oldest));

        Assert.Equal(["code", "PTX of sm_80"], session.Loaded(SoftmaxKernel.Variant));
    }

    [Fact]
    public void Load_CardNewerThanNvrtc_TakesItsNewestPtx()
    {
        var session = new Session(120, NvrtcVersions.Compiler(NvrtcVersions.Oldest));

        Assert.Equal(["PTX of sm_90"], session.Loaded(SoftmaxKernel.Variant));
    }

    [Fact]
    public void Load_PtxThatTheDriverIsTooOldFor_GoesOnToTheShipped()
    {
        var session = new Session(80, NvrtcVersions.Compiler(NvrtcVersions.Newest)) { DriverVersion = 12010 };

        Assert.Equal(["code", "PTX of sm_80", "PTX of sm_80"], session.Loaded(SoftmaxKernel.Variant));
    }

    [Fact]
    public void Load_NothingTaken_TellsEveryAttempt()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        var driver = new FailingCudaDriver(card) { Rule = (name, _) => name == "cuModuleLoadDataEx" ? CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU : null };
        using CudaContext context = CudaContext.Open(driver);

        KernelCompilationException exception = Assert.Throws<KernelCompilationException>(
            () => new KernelLoader(context, null, null, KernelList.ShippedPtx).Load(SoftmaxKernel.Variant));

        Assert.Equal("softmax.cu", exception.Kernel);
        Assert.Contains("NVRTC was not found", exception.Message, StringComparison.Ordinal);
        Assert.Contains("shipped PTX for compute_80: CUDA_ERROR_NO_BINARY_FOR_GPU", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ndiff doctor", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_FillsTheCache_AndTellsProgress()
    {
        KernelCompiler compiler = NvrtcVersions.Compiler(NvrtcVersions.Oldest);
        using var folder = new TemporaryFolder();
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.A100] });
        using CudaContext context = CudaContext.Open(card);
        var cache = new KernelCache(folder.File("kernels"));
        KernelVariant[] variants = [SoftmaxKernel.Variant, PhiloxNormalKernel.Variant];
        var told = new List<double>();

        new KernelLoader(context, compiler, cache, KernelList.ShippedPtx).Prepare(variants, new Told(told), TestContext.Current.CancellationToken);

        Assert.Equal([0.5, 1], told.Order());
        foreach (KernelVariant variant in variants)
        {
            KernelImage image = cache.Read(KernelCache.Key(KernelList.Sources, variant, "sm_80", compiler.Version), "sm_80")!;
            Assert.False(image.Cubin.IsEmpty);
            Assert.Contains(".target sm_80", Encoding.UTF8.GetString(image.Ptx.Span), StringComparison.Ordinal);
        }

        // From now on nothing is compiled: the cached PTX is loaded.
        Directory.GetFiles(folder.File("kernels")).ToList().ForEach(File.Delete);
        cache.Write(
            KernelCache.Key(KernelList.Sources, variants[0], "sm_80", compiler.Version),
            new KernelImage("sm_80", default, KernelList.ShippedPtx.For(PhiloxNormalKernel.Variant, 80)!.Ptx));
        using CudaModule module = new KernelLoader(context, compiler, cache, KernelList.ShippedPtx).Load(variants[0]);
        using ContextScope scope = context.Enter();
        Assert.Equal("philox_normal_nv_f32", module.Function("philox_normal_nv_f32").Name);
    }

    private sealed class Told(List<double> shares) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (shares)
                shares.Add(value);
        }
    }

    private sealed class Session(int capability, KernelCompiler? compiler)
    {
        public int DriverVersion { get; init; } = 13050;

        /// <summary>The images passed to the driver, in order, until one was accepted.</summary>
        public IReadOnlyList<string> Loaded(KernelVariant variant)
        {
            using var card = new VirtualCudaDriver(
                new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.Of(capability)], DriverVersion = DriverVersion });
            var driver = new FailingCudaDriver(card);
            using CudaContext context = CudaContext.Open(driver);
            using CudaModule module = new KernelLoader(context, compiler, cache: null, KernelList.ShippedPtx).Load(variant);
            return driver.Images;
        }
    }
}
