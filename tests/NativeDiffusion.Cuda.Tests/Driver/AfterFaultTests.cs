using System.Diagnostics.CodeAnalysis;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>The engine's objects after a failure: usable if the context is valid, else they report the reason.</summary>
public sealed class AfterFaultTests
{
    /// <summary>Each operation fails at each of its calls; repeated on the same objects, it succeeds.</summary>
    [Fact]
    public void Operation_ThatFailed_CanBeRepeated()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        var driver = new FailingCudaDriver(card);
        using var folder = new TemporaryFolder();
        using CudaContext context = CudaContext.Open(driver, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var signal = new CudaEvent(context, timed: true);
        using var buffer = new DeviceBuffer(context, 64);
        using var pinned = new PinnedBuffer(context, 64);
        using CudaModule module = SmallModule.Load(context);
        CudaFunction add = module.Function("add");
        DevicePointer a = buffer.Pointer;
        stream.Fill(a, 0, 64);
        using var graph = new CudaGraph(context);
        CUgraphNode kernel = graph.AddKernel(add, 1, 32, 0, [], a, a, 1, 4);
        CUgraphNode fill = graph.AddFill(a, 0, 16, []);
        CUgraphNode copy = graph.AddCopy(a, a + 16, 16, []);
        using CudaGraphExec exec = graph.Instantiate();
        // If another graph grows by the successful calls.
        using var grown = new CudaGraph(context);
        // A captured stream is left open only by the call that should have closed it.
        string[] leavesTheCaptureOpen = ["cuStreamEndCapture"];
        (string Name, Action Action)[] operations =
        [
            ("new DeviceBuffer", () => new DeviceBuffer(context, 16).Dispose()),
            ("new StreamBuffer", () => new StreamBuffer(stream, 16).Dispose()),
            ("new PinnedBuffer", () => new PinnedBuffer(context, 16).Dispose()),
            ("new CudaStream", () => new CudaStream(context).Dispose()),
            ("new CudaEvent", () => new CudaEvent(context).Dispose()),
            ("load", () => SmallModule.Load(context).Dispose()),
            ("function", () => module.Function("add")),
            ("launch", () => stream.Launch(add, 1, 32, 0, a, a, 1, 4)),
            ("launch with options", () => stream.Launch(add, 1, 32, 0, new LaunchOptions { Priority = 1 }, a, a, 1, 4)),
            ("upload", () => stream.Upload<int>([1, 2], a)),
            ("download", () => stream.Download<int>(a, new int[2])),
            ("upload pinned", () => stream.Upload(pinned, a, 64)),
            ("download pinned", () => stream.Download(a, pinned, 64)),
            ("fill", () => stream.Fill(a, 1, 64)),
            ("copy", () => stream.Copy(a, a + 32, 16)),
            ("record and wait", () =>
            {
                signal.Record(stream);
                stream.Wait(signal);
                signal.Synchronize();
                _ = signal.MillisecondsSince(signal);
            }),
            ("query", () => _ = stream.IsDone),
            ("query event", () => _ = signal.IsDone),
            ("new CudaGraph", () => new CudaGraph(context).Dispose()),
            ("add kernel", () => grown.Launch(add, 1, 32, 0, new LaunchOptions { Priority = 0 }, a, a, 1, 4)),
            ("add fill", () => grown.AddFill(a, 0, 16, [])),
            ("add copy", () => grown.AddCopy(a, a + 16, 16, [])),
            ("add join", () => grown.AddJoin([grown.Last])),
            ("add graph", () => grown.AddGraph(graph, [])),
            ("instantiate", () => grown.Instantiate().Dispose()),
            ("capture", () => stream.Capture(() => stream.Launch(add, 1, 32, 0, a, a, 1, 4)).Dispose()),
            ("update kernel", () => exec.UpdateKernel(kernel, add, 1, 32, 0, a, a, 2, 4)),
            ("update fill", () => exec.UpdateFill(fill, a, 1, 16)),
            ("update copy", () => exec.UpdateCopy(copy, a, a + 32, 16)),
            ("update graph", () => Assert.True(exec.TryUpdate(graph))),
            ("launch graph", () =>
            {
                exec.Upload(stream);
                exec.Launch(stream);
            }),
            ("draw", () => graph.WriteDot(folder.File("graph.dot"))),
            ("memory", () => _ = context.ReadMemory()),
            ("pool", () =>
            {
                context.KeepFreed(0);
                context.TrimFreed(0);
            }),
            ("occupancy", () =>
            {
                _ = add.BlocksPerMultiprocessor(32, 0);
                _ = add.SharedBytesFor(1, 32);
            }),
        ];

        foreach ((string name, Action action) in operations)
        {
            action();
            int before = driver.Calls;
            action();
            int calls = driver.Calls - before;
            Assert.True(calls > 0, name);
            int failures = 0;
            for (int n = 1; n <= calls; n++)
            {
                int target = driver.Calls + n;
                driver.Rule = (function, call) => call == target && !leavesTheCaptureOpen.Contains(function) && function != "cuCtxPushCurrent"
                    && function != "cuCtxPopCurrent" ? CUresult.CUDA_ERROR_UNKNOWN : null;
                Exception? thrown = Record.Exception(action);
                driver.Rule = null;
                if (thrown is not null)
                {
                    failures++;
                    CudaException exception = Assert.IsType<CudaException>(thrown);
                    Assert.Equal((driver.Failed, "CUDA_ERROR_UNKNOWN"), (exception.Call, exception.Name));
                }

                action();
            }

            Assert.True(failures > 0, $"'{name}' never failed.");
        }

        stream.Synchronize();
        Assert.Null(context.BrokenBy);
        Assert.DoesNotContain(card.Findings, finding => finding.Kind != FindingKind.Leak);
    }

    /// <summary>A kernel corrupts the context: every later call reports it, disposal and finalizers are silent, and the device can be opened again.</summary>
    [Fact]
    [SuppressMessage("Reliability", "CA2000", Justification = "All is disposed of at the end, after its parents, which is the question.")]
    public void ContextThatAKernelRuined_RefusesEverything_AndIsGivenBackQuietly()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        var cublas = new VirtualCublas(card);
        CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        List<IDisposable> everything = [];
        using (context.Enter())
        {
            var stream = Keep(new CudaStream(context));
            var buffer = Keep(new DeviceBuffer(context, 64));
            var inOrder = Keep(new StreamBuffer(stream, 64));
            var pinned = Keep(new PinnedBuffer(context, 64));
            var signal = Keep(new CudaEvent(context));
            CudaModule module = Keep(SmallModule.Load(context));
            CudaFunction add = module.Function("add");
            var graph = Keep(new CudaGraph(context));
            graph.AddKernel(add, 1, 32, 0, [], buffer.Pointer, buffer.Pointer, 1, 4);
            CudaGraphExec exec = Keep(graph.Instantiate());
            var blas = Keep(new CublasHandle(cublas, stream, buffer));
            stream.Fill(buffer.Pointer, 0, 64);
            // Far beyond the end of the memory.
            stream.Launch(add, 1, 32, 0, buffer.Pointer + (1L << 32), buffer.Pointer, 1, 4);
            signal.Record(stream);

            CudaException first = Assert.Throws<CudaException>(stream.Synchronize);
            Assert.Equal("CUDA_ERROR_ILLEGAL_ADDRESS", first.Name);
            Action[] later =
            [
                stream.Synchronize, signal.Synchronize, () =>
                    exec.Launch(stream), () => Keep(new DeviceBuffer(context, 1)), () => Keep(new StreamBuffer(stream, 1)), () => Keep(new CudaStream(context)),
                () => stream.Launch(add, 1, 32, 0, buffer.Pointer, buffer.Pointer, 1, 4), () =>
                    stream.Fill(buffer.Pointer, 0, 1), () => SmallModule.Load(context),
                () => stream.Capture(() => { }), () => graph.Instantiate(), () => stream.Upload(pinned, inOrder.Pointer, 8),
            ];
            foreach (Action action in later)
            {
                CudaException exception = Assert.Throws<CudaException>(action);
                Assert.Equal("CUDA_ERROR_ILLEGAL_ADDRESS", exception.Name);
                Assert.StartsWith("The context was lost earlier, by cuStreamSynchronize", exception.Message, StringComparison.Ordinal);
            }

            Assert.Equal("cublasCreate", Assert.Throws<CudaException>(() => new CublasHandle(cublas, stream, buffer)).Call);
            Assert.NotEqual(default, blas.Handle);
        }

        Assert.Throws<DeviceException>(() => context.Enter());
        context.Dispose();
        foreach (IDisposable item in everything)
            item.Dispose();

        Assert.Equal((0, 0), (context.LiveHandles, context.BytesInUse));
        Assert.Empty(card.FindLeaks());
        Assert.All(card.Findings, finding => Assert.Equal(FindingKind.OutOfBounds, finding.Kind));
        // The corrupted context was the last of the device: a new one is valid.
        FaultSessions.Run(FaultSessions.Graphs, card);

        T Keep<T>(T item)
            where T : IDisposable
        {
            everything.Add(item);
            return item;
        }
    }

    /// <summary>
    /// Dependencies live as long as their dependents: a stream and a workspace for cuBLAS, a stream for its memory, a module for a recorded graph.
    /// </summary>
    [Fact]
    public void Parents_LiveAsLongAsTheirChildren()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        using CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using var worker = new CudaStream(context);
        using var buffer = new DeviceBuffer(context, 64);
        CudaGraphExec exec;
        using (CudaModule module = SmallModule.Load(context))
        {
            CudaFunction add = module.Function("add");
            using CudaGraph recorded = worker.Capture(() => worker.Launch(add, 1, 32, 0, buffer.Pointer, buffer.Pointer, 5, 4));
            using CudaGraphExec inner = recorded.Instantiate();
            // A graph that launches a graph.
            using CudaGraph outer = worker.Capture(() => inner.Launch(worker));
            exec = outer.Instantiate();
        }

        worker.Fill(buffer.Pointer, 0, 64);
        exec.Launch(worker);
        int[] result = new int[4];
        worker.Download<int>(buffer.Pointer, result);
        Assert.Equal([5, 5, 5, 5], result);
        exec.Dispose();

        var stream = new CudaStream(context);
        var workspace = new DeviceBuffer(context, 1024);
        var blas = new CublasHandle(new VirtualCublas(card), stream, workspace);
        var memory = new StreamBuffer(stream, 64);
        stream.Dispose();
        workspace.Dispose();
        Assert.Equal(6, context.LiveHandles);
        blas.Dispose();
        Assert.Equal(4, context.LiveHandles);
        memory.Dispose();
        Assert.Equal(2, context.LiveHandles);
        Assert.Empty(card.Findings);
    }

    /// <summary>The driver was unloaded first, as may happen at process exit: later releases are silent.</summary>
    [Fact]
    public void Disposal_AfterTheDriver_IsQuiet()
    {
        CudaContext context;
        DeviceBuffer buffer;
        CublasHandle blas;
        using (var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 }))
        {
            context = CudaContext.Open(card, synchronousLaunches: false);
            using ContextScope scope = context.Enter();
            using var stream = new CudaStream(context);
            buffer = new DeviceBuffer(context, 1024);
            blas = new CublasHandle(new VirtualCublas(card), stream, buffer);
        }

        blas.Dispose();
        buffer.Dispose();
        Assert.Equal("CUDA_ERROR_NOT_INITIALIZED", Assert.Throws<CudaException>(() => context.Enter()).Name);
        context.Dispose();
        Assert.Equal(0, context.LiveHandles);
    }

    /// <summary>An updated graph keeps the modules of its new kernels alive.</summary>
    [Fact]
    public void UpdatedGraph_KeepsItsNewKernels_AndItsFirstNodes()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        using CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var buffer = new DeviceBuffer(context, 64);
        using CudaModule module = SmallModule.Load(context);
        using var graph = new CudaGraph(context);
        CUgraphNode node = graph.AddKernel(module.Function("add"), 1, 32, 0, [], buffer.Pointer, buffer.Pointer, 1, 4);
        using CudaGraphExec exec = graph.Instantiate();
        using (CudaModule another = SmallModule.Load(context))
        using (var second = new CudaGraph(context))
        {
            second.AddKernel(another.Function("add"), 1, 32, 0, [], buffer.Pointer, buffer.Pointer, 20, 4);
            Assert.True(exec.TryUpdate(second));
        }

        Assert.Equal(20, Launched());
        exec.UpdateKernel(node, module.Function("add"), 1, 32, 0, buffer.Pointer, buffer.Pointer, 3, 4);
        Assert.Equal(3, Launched());
        Assert.Empty(card.Findings);

        int Launched()
        {
            stream.Fill(buffer.Pointer, 0, 64);
            exec.Launch(stream);
            int[] result = new int[4];
            stream.Download<int>(buffer.Pointer, result);
            return result[3];
        }
    }
}
