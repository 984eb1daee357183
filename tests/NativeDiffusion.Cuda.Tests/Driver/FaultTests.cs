using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>Every call of a session fails once: the correct exception is thrown, nothing leaks, and disposal never throws.</summary>
public sealed class FaultTests
{
    private const int Columns = FaultSessions.Columns;

    // Calls that release resources. No caller could handle their failure, so it is silent; the resource leaks.
    private static readonly string[] s_givingBack =
    [
        "cuStreamDestroy", "cuEventDestroy", "cuMemFree", "cuMemFreeAsync", "cuMemFreeHost", "cuModuleUnload", "cuGraphDestroy", "cuGraphExecDestroy",
        "cuDevicePrimaryCtxRelease", "cuCtxPopCurrent",
    ];

    // Calls that create objects: only memory allocations report sizes when out of memory.
    private static readonly string[] s_making =
    [
        "cuMemAlloc", "cuMemAllocAsync", "cuMemHostAlloc", "cuStreamCreateWithPriority", "cuEventCreate", "cuModuleLoadDataEx", "cuGraphCreate",
            "cuStreamEndCapture", "cuGraphInstantiate",
    ];

    /// <summary>A driver of CUDA 12.0 has none of the newer functions: everything works without them.</summary>
    [Theory]
    [InlineData(FaultSessions.Kernels)]
    [InlineData(FaultSessions.Graphs)]
    public void Session_OnTheOldestDriver_Works(string session)
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, DriverVersion = DriverRequirements.Oldest });
        var asked = new HashSet<string>();
        var driver = new FailingCudaDriver(card)
        {
            Rule = (name, _) =>
            {
                // Those of graphs have an older form.
                if (DriverRequirements.Since(name) is null || name.StartsWith("cuGraph", StringComparison.Ordinal))
                    return null;
                asked.Add(name);
                return CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER;
            },
        };

        FaultSessions.Run(session, driver);

        Assert.Contains("cuFuncGetParamInfo", asked);
        Assert.Empty(Leaks(card));
    }

    public static TheoryData<string, CUresult> Faults() =>
        new MatrixTheoryData<string, CUresult>(
            [FaultSessions.Kernels, FaultSessions.Graphs],
            [CUresult.CUDA_ERROR_OPERATING_SYSTEM, CUresult.CUDA_ERROR_OUT_OF_MEMORY, CUresult.CUDA_ERROR_ILLEGAL_ADDRESS]);

    [Theory]
    [InlineData(FaultSessions.Kernels)]
    [InlineData(FaultSessions.Graphs)]
    public void Session_WithoutFault_Works(string session)
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        var driver = new FailingCudaDriver(card);

        FaultSessions.Run(session, driver);

        Assert.True(driver.Calls > 80, $"{driver.Calls} calls");
        Assert.Empty(Leaks(card));
        Assert.Empty(card.Findings);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Session_WithAFaultInAnyCall_EndsCleanly(string session, CUresult fault)
    {
        int calls = Calls(session);
        for (int n = 1; n <= calls; n++)
        {
            using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
            int number = n;
            var driver = new FailingCudaDriver(card) { Rule = (_, call) => call == number ? fault : null };

            Exception? thrown = Record.Exception(() => FaultSessions.Run(session, driver));

            string place = $"call {n}, {driver.Failed}";
            Assert.True(driver.Failed is not null, $"{place} was never made.");
            if (thrown is null)
            {
                // During disposal a context is pushed for releasing resources.
                Assert.True(s_givingBack.Contains(driver.Failed) || driver.Failed == "cuCtxPushCurrent", $"{place} failed, and the failure was not reported.");
            }
            else
            {
                CudaException exception = Assert.IsAssignableFrom<CudaException>(thrown);
                Assert.Equal((int)fault, exception.Status);
                Assert.Equal(fault.ToString(), exception.Name);
                Assert.Equal(driver.Failed, exception.Call);
                Assert.Equal(
                    fault == CUresult.CUDA_ERROR_OUT_OF_MEMORY && s_making.Contains(driver.Failed), exception is CudaOutOfMemoryException { Total: > 0 });
            }

            driver.Rule = null;
            int lost = s_givingBack.Contains(driver.Failed) || (driver.Failed == "cuCtxPushCurrent" && thrown is null) ? 1 : 0;
            IReadOnlyList<Finding> leaks = Leaks(card);
            Assert.True(leaks.Count <= lost, $"{place}: {string.Join(", ", leaks)}");
            Assert.True(IsReleased(card) || driver.Failed == "cuDevicePrimaryCtxRelease", $"{place}: the context was not released.");
            // A retry finds the device unchanged.
            FaultSessions.Run(session, driver);
        }
    }

    /// <summary>Everything is abandoned; finalizers release it, on their own thread, in any order.</summary>
    [Fact]
    public void Session_NeverDisposedOf_IsGivenBackByFinalizers()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        for (int i = 0; i < 3; i++)
            Abandon(card);

        for (int i = 0; i < 10 && !IsReleased(card); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Empty(Leaks(card));
        Assert.True(IsReleased(card));
        Assert.Empty(card.Findings);
    }

    [Fact]
    public void Dispose_ParentsFirst_IsHarmless()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        CudaContext context = CudaContext.Open(card);
        CudaStream stream;
        CudaGraph graph;
        CudaGraphExec exec;
        SoftmaxKernel kernel;
        DeviceBuffer buffer;
        using (context.Enter())
        {
            stream = new CudaStream(context);
            buffer = new DeviceBuffer(context, 2 * Columns);
            kernel = new SoftmaxKernel(new KernelLoader(context, null, null, KernelList.ShippedPtx));
            graph = new CudaGraph(context);
            kernel.Launch(graph, buffer.Pointer, buffer.Pointer, 1, Columns, 1);
            exec = graph.Instantiate();
        }

        context.Dispose();
        Assert.False(IsReleased(card));
        kernel.Dispose();
        graph.Dispose();
        // The executable graph keeps the graph alive, and that the kernel's module; everything keeps the context.
        Assert.Equal(5, context.LiveHandles);
        Assert.Throws<ObjectDisposedException>(() => context.Enter());
        exec.Dispose();
        exec.Dispose();
        stream.Dispose();
        Assert.False(IsReleased(card));
        buffer.Dispose();

        Assert.Equal(0, context.LiveHandles);
        Assert.Equal(0, context.BytesInUse);
        Assert.True(IsReleased(card));
        Assert.Empty(Leaks(card));
        Assert.Throws<ObjectDisposedException>(() => stream.Handle);
    }

    private static int Calls(string session)
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        var driver = new FailingCudaDriver(card);
        FaultSessions.Run(session, driver);
        return driver.Calls;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SuppressMessage("Reliability", "CA2000", Justification = "What happens to things that nobody disposes of is the question.")]
    private static void Abandon(ICudaDriver driver)
    {
        CudaContext context = CudaContext.Open(driver);
        using ContextScope scope = context.Enter();
        var stream = new CudaStream(context);
        var buffer = new DeviceBuffer(context, 2 * Columns);
        var pinned = new PinnedBuffer(context, 16);
        var inOrder = new StreamBuffer(stream, 16);
        var blas = new CublasHandle(new VirtualCublas((VirtualCudaDriver)driver), stream, buffer);
        CudaGraphExec recorded = stream.Capture(() => stream.Fill(buffer.Pointer, 0, 1)).Instantiate();
        var signal = new CudaEvent(context);
        var kernel = new SoftmaxKernel(new KernelLoader(context, null, null, KernelList.ShippedPtx));
        var graph = new CudaGraph(context);
        kernel.Launch(graph, buffer.Pointer, buffer.Pointer, 1, Columns, 1);
        CudaGraphExec exec = graph.Instantiate();
        signal.Record(stream);
        Assert.True(
            context.LiveHandles == 11 && exec.Handle != default && recorded.Handle != default && blas.Handle != default && pinned.Bytes == inOrder.Bytes);
    }

    private static IReadOnlyList<Finding> Leaks(VirtualCudaDriver card)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return card.FindLeaks();
    }

    private static bool IsReleased(VirtualCudaDriver card)
    {
        card.cuInit(0);
        Assert.Equal(CUresult.CUDA_SUCCESS, card.cuDevicePrimaryCtxGetState(new CUdevice(0), out _, out int active));
        return active == 0;
    }
}
