using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu;

namespace NativeDiffusion.Cuda.Tests.Compilation;

/// <summary>Compiler and disk failures: kernels are still loaded if there is an alternative, else the reason is reported.</summary>
public sealed class CompilationFaultTests
{
    private static readonly string s_ptx = Encoding.UTF8.GetString(KernelList.ShippedPtx.For(SoftmaxKernel.Variant, 80)!.Ptx.Span);

    /// <summary>NVRTC fails at each of its calls: the shipped PTX is used, unless only the log or the release failed.</summary>
    [Theory]
    [InlineData(nameof(nvrtcResult.NVRTC_ERROR_OUT_OF_MEMORY))]
    [InlineData(nameof(nvrtcResult.NVRTC_ERROR_COMPILATION))]
    [InlineData(nameof(nvrtcResult.NVRTC_ERROR_BUILTIN_OPERATION_FAILURE))]
    [InlineData(nameof(nvrtcResult.NVRTC_ERROR_INTERNAL_ERROR))]
    public void Load_WithAFaultInAnyCallOfTheCompiler_TakesAnotherWay(string name)
    {
        nvrtcResult fault = Enum.Parse<nvrtcResult>(name);
        string[] harmless = ["nvrtcDestroyProgram", "nvrtcGetProgramLogSize", "nvrtcGetProgramLog"];
        bool isOver = false;
        for (int n = 1; !isOver; n++)
        {
            using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
            var driver = new FailingCudaDriver(card);
            using CudaContext context = CudaContext.Open(driver);
            var nvrtc = new PlayedNvrtc(s_ptx);
            var compiler = new KernelCompiler(nvrtc, KernelList.Sources);
            int target = nvrtc.Calls + n;
            nvrtc.Rule = (_, call) => call == target ? fault : null;

            using (CudaModule module = new KernelLoader(context, compiler, null, KernelList.ShippedPtx).Load(SoftmaxKernel.Variant))
            {
                using ContextScope scope = context.Enter();
                Assert.Equal("softmax_f16", module.Function("softmax_f16").Name);
            }

            isOver = nvrtc.Failed is null;
            // The virtual GPU rejects the cubin, and accepts its PTX.
            Assert.Equal(isOver || harmless.Contains(nvrtc.Failed) ? ["code", "PTX of sm_80"] : ["PTX of sm_80"], driver.Images);
            Assert.Equal(nvrtc.Failed == "nvrtcDestroyProgram" ? 1 : 0, nvrtc.Programs);
            Assert.True(n < 20);
        }
    }

    [Theory]
    [InlineData("nvrtcVersion")]
    [InlineData("nvrtcGetNumSupportedArchs")]
    [InlineData("nvrtcGetSupportedArchs")]
    public void Compiler_ThatDoesNotEvenSayWhatItIs_IsTold(string call)
    {
        var nvrtc = new PlayedNvrtc(s_ptx) { Rule = (name, _) => name == call ? nvrtcResult.NVRTC_ERROR_INTERNAL_ERROR : null };

        CudaException exception = Assert.Throws<CudaException>(() => new KernelCompiler(nvrtc, KernelList.Sources));

        Assert.Equal((call, "NVRTC_ERROR_INTERNAL_ERROR"), (exception.Call, exception.Name));
    }

    /// <summary>No alternative: the compiler's message is reported, with what to do.</summary>
    [Theory]
    [InlineData(
        nameof(nvrtcResult.NVRTC_ERROR_COMPILATION), "softmax.cu(7): error: expected a \";\"\n1 error detected", "softmax.cu(7): error: expected a \";\"")]
    [InlineData(
        nameof(
        nvrtcResult.NVRTC_ERROR_BUILTIN_OPERATION_FAILURE), "nvrtc: error: failed to open libnvrtc-builtins.so.12.1.", "library must be in the same folder")]
    [InlineData(nameof(nvrtcResult.NVRTC_ERROR_OUT_OF_MEMORY), "", "NVRTC_ERROR_OUT_OF_MEMORY")]
    public void Load_WithoutAnotherWay_TellsTheCompilersReason(string status, string log, string expected)
    {
        nvrtcResult fault = Enum.Parse<nvrtcResult>(status);
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        var driver = new FailingCudaDriver(card) { Rule = (name, _) => name == "cuModuleLoadDataEx" ? CUresult.CUDA_ERROR_INVALID_PTX : null };
        using CudaContext context = CudaContext.Open(driver);
        var nvrtc = new PlayedNvrtc(s_ptx) { Rule = (name, _) => name == "nvrtcCompileProgram" ? fault : null, Log = log };

        KernelCompilationException exception = Assert.Throws<KernelCompilationException>(
            () => new KernelLoader(context, new KernelCompiler(nvrtc, KernelList.Sources), null, KernelList.ShippedPtx).Load(SoftmaxKernel.Variant));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains("shipped PTX for compute_80: CUDA_ERROR_INVALID_PTX", exception.Message, StringComparison.Ordinal);
        Assert.Contains(log, exception.Log, StringComparison.Ordinal);
    }

    /// <summary>
    /// The disk fails at each operation of the cache: the loaded kernels are correct, no partial files remain, and later everything is
    /// kept.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cache_OnADiskThatFails_NeverStopsALoad(bool isKept)
    {
        bool isOver = false;
        for (int n = 1; !isOver; n++)
        {
            using var folder = new TemporaryFolder();
            string kernels = folder.File("kernels");
            var nvrtc = new PlayedNvrtc(s_ptx);
            var compiler = new KernelCompiler(nvrtc, KernelList.Sources);
            if (isKept)
                Get(new CacheDisk());
            int before = nvrtc.Compilations;
            var disk = new FailingDisk(n);

            KernelImage image = Get(disk);

            isOver = disk.Failed is null;
            Assert.Equal(s_ptx, Encoding.UTF8.GetString(image.Ptx.Span));
            // Only unreadable entries are recompiled.
            Assert.Equal(isKept && disk.Failed != nameof(CacheDisk.Read) ? 0 : 1, nvrtc.Compilations - before);
            if (Directory.Exists(kernels))
                Assert.Empty(Directory.GetFiles(kernels, "*.tmp"));
            Get(new CacheDisk());
            before = nvrtc.Compilations;
            Get(new CacheDisk());
            Assert.Equal(before, nvrtc.Compilations);
            Assert.True(n < 20);

            KernelImage Get(CacheDisk used) =>
                new CompiledKernels(compiler, new KernelCache(kernels, KernelCache.DefaultLimit, used)).Get(SoftmaxKernel.Variant, "sm_80");
        }
    }

    /// <summary>A full disk: half a file is written, and removed again.</summary>
    [Fact]
    public void Cache_OnAFullDisk_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var nvrtc = new PlayedNvrtc(s_ptx);
        var cache = new KernelCache(folder.File("kernels"), KernelCache.DefaultLimit, new FullDisk());
        var kernels = new CompiledKernels(new KernelCompiler(nvrtc, KernelList.Sources), cache);

        Assert.False(kernels.Get(SoftmaxKernel.Variant, "sm_80").Cubin.IsEmpty);
        Assert.False(kernels.Get(SoftmaxKernel.Variant, "sm_80").Cubin.IsEmpty);

        Assert.Equal(2, nvrtc.Compilations);
        Assert.Empty(Directory.GetFiles(folder.File("kernels")));
    }

    /// <summary>Errors of the operating system: a read-only folder, an unreadable entry.</summary>
    [Fact]
    public void Cache_WhereTheSystemRefuses_IsSilent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The read-only folders of this test exist on Linux only.");
        var image = new KernelImage("sm_80", new byte[] { 1 }, new byte[] { 2 });
        var readOnly = new KernelCache("/proc");
        readOnly.Write("key", image);
        Assert.Null(readOnly.Read("key", "sm_80"));

        using var folder = new TemporaryFolder();
        var cache = new KernelCache(folder.File(""));
        // Opens, and fails when it is read.
        File.CreateSymbolicLink(folder.File("key.kernel"), "/proc/self/mem");
        Assert.Null(cache.Read("key", "sm_80"));
        cache.Write("key", image);
        Assert.NotNull(cache.Read("key", "sm_80"));
        Assert.Single(Directory.GetFiles(folder.File("")));
    }

    /// <summary>The driver's assembler reports a line of the PTX; the message that of the source.</summary>
    [Fact]
    public void Load_OfPtxThatTheDriverRefuses_NamesTheSourcesLine()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        int loads = 0;
        // NVRTC's cubin and PTX are checked by the device, the shipped PTX is not.
        var driver = new FailingCudaDriver(card) { Rule = (name, _) => name == "cuModuleLoadDataEx" && ++loads > 2 ? CUresult.CUDA_ERROR_INVALID_PTX : null };
        using CudaContext context = CudaContext.Open(driver);
        var nvrtc = new PlayedNvrtc(
            ".version 7.0\n.target sm_80\n.address_size 64\n.visible .entry softmax_f16()\n{\n.loc 1 42 5\nadd.s32 nonsense [[;\nret;\n}\n.file 1 "
                + "\"softmax.cu\"\n");

        KernelCompilationException exception = Assert.Throws<KernelCompilationException>(
            () => new KernelLoader(context, new KernelCompiler(nvrtc, KernelList.Sources), null, KernelList.ShippedPtx).Load(SoftmaxKernel.Variant));

        Assert.Contains("PTX of NVRTC 12.1 for sm_80: CUDA_ERROR_INVALID_PTX, softmax.cu(42): ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetAll_ThatIsCancelled_StopsBetweenTwoKernels()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var nvrtc = new PlayedNvrtc(s_ptx);
        var compiler = new KernelCompiler(nvrtc, KernelList.Sources);
        nvrtc.Rule = (name, _) =>
        {
            if (name == "nvrtcCompileProgram") cancellation.Cancel();
            return null;
        };

        Assert.ThrowsAny<OperationCanceledException>(
            () =>
            new CompiledKernels(compiler, new KernelCache(folder.File("kernels"))).GetAll([.. KernelList.All], "sm_80", cancellationToken: cancellation.Token));

        // Started compilations are completed and cached.
        Assert.InRange(nvrtc.Compilations, 1, KernelList.All.Count - 1);
        Assert.Equal(nvrtc.Compilations, Directory.GetFiles(folder.File("kernels")).Length);
        Assert.Equal(0, nvrtc.Programs);
    }

    [Fact]
    public void GetAll_TellsWhatDidNotCompile_AndMakesTheRest()
    {
        using var folder = new TemporaryFolder();
        var nvrtc = new PlayedNvrtc(s_ptx);
        var compiler = new KernelCompiler(nvrtc, KernelList.Sources);
        int failed = 0;
        nvrtc.Rule = (name, _) => name == "nvrtcCompileProgram" && Interlocked.Increment(ref failed) == 2 ? nvrtcResult.NVRTC_ERROR_COMPILATION : null;
        KernelVariant[] variants = [.. KernelList.All.Where(variant => variant.Fits(80))];
        var cache = new KernelCache(folder.File("kernels"));

        IReadOnlyCollection<DeviceException> failures = new CompiledKernels(
            compiler, cache).GetAll(variants, "sm_80", cancellationToken: TestContext.Current.CancellationToken);

        Assert.IsType<KernelCompilationException>(Assert.Single(failures));
        Assert.Equal(variants.Length - 1, Directory.GetFiles(folder.File("kernels")).Length);
        Assert.Equal(0, nvrtc.Programs);
    }

    // The n-th operation fails, after half a file was written.
    private sealed class FailingDisk(int target) : CacheDisk
    {
        private int _calls;

        public string? Failed { get; private set; }

        public override byte[]? Read(string path)
        {
            Ask(nameof(Read));
            return base.Read(path);
        }

        public override void Touch(string path)
        {
            Ask(nameof(Touch));
            base.Touch(path);
        }

        public override void MakeFolder(string path)
        {
            Ask(nameof(MakeFolder));
            base.MakeFolder(path);
        }

        public override void Write(string path, byte[] content)
        {
            base.Write(path, content[..(content.Length / 2)]);
            Ask(nameof(Write));
            base.Write(path, content);
        }

        public override void Replace(string from, string to)
        {
            Ask(nameof(Replace));
            base.Replace(from, to);
        }

        public override IReadOnlyList<FileInfo> List(string folder)
        {
            Ask(nameof(List));
            return base.List(folder);
        }

        private void Ask(string name)
        {
            if (++_calls != target)
                return;
            Failed = name;
            throw new IOException("Simulated: the disk failed.");
        }
    }

    private sealed class FullDisk : CacheDisk
    {
        public override void Write(string path, byte[] content)
        {
            base.Write(path, content[..(content.Length / 2)]);
            throw new IOException("No space left on device");
        }
    }
}
