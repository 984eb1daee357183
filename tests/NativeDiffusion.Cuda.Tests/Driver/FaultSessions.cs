using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>Sessions of a program from opening a device to disposal, for fault injection at each of their calls.</summary>
internal static class FaultSessions
{
    public const string Kernels = "kernels";
    public const string Graphs = "graphs";
    public const int Columns = 64;

    public static void Run(string name, ICudaDriver driver)
    {
        using CudaContext context = CudaContext.Open(driver, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        if (name == Kernels)
            RunKernels(context);
        else
            RunGraphs(context);
    }

    // Open, compile, upload, run, record, build, launch again, read back, dispose.
    private static void RunKernels(CudaContext context)
    {
        using var stream = new CudaStream(context);
        using var start = new CudaEvent(context, timed: true);
        using var stop = new CudaEvent(context, timed: true);
        using var pinned = new PinnedBuffer(context, 2 * Columns);
        using var x = new DeviceBuffer(context, 2 * Columns);
        using var y = new DeviceBuffer(context, 2 * Columns);
        using var kernel = new SoftmaxKernel(new KernelLoader(context, null, null, KernelList.ShippedPtx));

        stream.Upload<Half>(new Half[Columns], x.Pointer);
        start.Record(stream);
        kernel.Launch(stream, x.Pointer, y.Pointer, 1, Columns, 1);
        stop.Record(stream);
        stop.Synchronize();
        Assert.True(stop.MillisecondsSince(start) >= 0);

        using (CudaGraph recorded = stream.Capture(() => kernel.Launch(stream, y.Pointer, x.Pointer, 1, Columns, 0)))
        using (CudaGraphExec exec = recorded.Instantiate())
            exec.Launch(stream);

        using var graph = new CudaGraph(context);
        graph.AddFill(y.Pointer, 0, 2 * Columns, []);
        kernel.Launch(graph, x.Pointer, y.Pointer, 1, Columns, 1);
        graph.AddCopy(y.Pointer, x.Pointer, 2 * Columns, [graph.Last]);
        using (CudaGraphExec exec = graph.Instantiate())
        {
            exec.Upload(stream);
            exec.Launch(stream);
            stream.Download(x.Pointer, pinned, 2 * Columns);
            stream.Synchronize();
        }

        Assert.All(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(pinned.Span).ToArray(), value => Assert.Equal((Half)(1f / Columns), value));
    }

    // Memory in stream order, launches with options, graphs of every kind of node, changed in place and as a whole.
    private static void RunGraphs(CudaContext context)
    {
        context.KeepFreed(1 << 20);
        using var stream = new CudaStream(context, priority: -1);
        using var memory = new StreamBuffer(stream, 64);
        using var done = new CudaEvent(context);
        using CudaModule module = SmallModule.Load(context);
        CudaFunction add = module.Function("add");
        Assert.True(add.BlocksPerMultiprocessor(32, 0) > 0 && add.SharedBytesFor(2, 32) > 0);
        DevicePointer a = memory.Pointer, b = a + 16, c = a + 32;

        stream.Upload<int>([1, 1, 1, 1], a);
        stream.Launch(add, 1, 32, 0, new LaunchOptions { Priority = -1 }, b, a, 10, 4);
        done.Record(stream);
        while (!done.IsDone)
        {
        }

        using var child = new CudaGraph(context);
        child.AddCopy(b, c, 16, []);
        using var graph = new CudaGraph(context);
        var fill = graph.AddFill(a, 0, 16, []);
        var copy = graph.AddCopy(b, c, 16, []);
        graph.AddJoin([fill, copy]);
        graph.Launch(add, 1, 32, 0, new LaunchOptions { Priority = 0 }, c, a, 1, 4);
        var last = graph.Last;
        graph.AddGraph(child, [graph.Last]);
        using (CudaGraphExec exec = graph.Instantiate())
        {
            exec.UpdateFill(fill, a, 1, 16);
            exec.UpdateCopy(copy, a, c, 16);
            exec.UpdateKernel(last, add, 1, 32, 0, c, a, 2, 4);
            exec.Launch(stream);
            Assert.True(exec.TryUpdate(graph));
            Assert.False(exec.TryUpdate(child));
            exec.Launch(stream);
        }

        int[] result = new int[4];
        stream.Download<int>(c, result);
        Assert.Equal([11, 11, 11, 11], result);
        context.TrimFreed(0);
    }
}
