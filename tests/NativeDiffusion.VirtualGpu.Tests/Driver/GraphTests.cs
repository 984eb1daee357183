using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

public sealed unsafe class GraphTests
{
    [Fact]
    public void GraphBuiltNodeByNode_RunsInOrderAndCanBeUpdated()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUfunction add = session.Function(SmallKernels.Add, "add");
        CUdeviceptr a = session.Upload(1), b = session.Upload(0), c = session.Upload(0);
        Ok(session.Driver.cuGraphCreate(out CUgraph graph, 0));
        CUgraphNode first = Kernel(session, graph, add, [], b, a, 10, 1);
        CUgraphNode second = Kernel(session, graph, add, [first], c, b, 100, 1);
        Ok(session.Driver.cuGraphInstantiate(out CUgraphExec exec, graph, 0));
        Ok(session.Driver.cuGraphLaunch(exec, stream));
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([111], session.Download(c, 1));
        Update(session, exec, second, add, c, b, 1000, 1);
        Ok(session.Driver.cuGraphLaunch(exec, stream));
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([1011], session.Download(c, 1));
        Assert.Empty(session.Driver.Findings);
    }

    [Fact]
    public void CaptureOfTwoStreams_BecomesAGraphWithABranch()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream(), side = session.Stream();
        CUevent fork = session.Event(), join = session.Event();
        CUfunction add = session.Function(SmallKernels.Add, "add");
        CUdeviceptr a = session.Upload(1), b = session.Upload(0), c = session.Upload(0);
        Ok(session.Driver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        Ok(session.Driver.cuMemsetD32Async(b, 5, 1, stream));
        Ok(session.Driver.cuEventRecord(fork, stream));
        Ok(session.Driver.cuStreamWaitEvent(side, fork, 0));
        Ok(session.Launch(add, 1, 32, side, c, b, 100, 1));
        Ok(session.Driver.cuEventRecord(join, side));
        Ok(session.Launch(add, 1, 32, stream, b, a, 10, 1));
        Ok(session.Driver.cuStreamWaitEvent(stream, join, 0));
        Ok(session.Driver.cuStreamEndCapture(stream, out CUgraph graph));
        Assert.Equal([0], session.Download(c, 1));
        nuint count = 0;
        Ok(session.Driver.cuGraphGetNodes(graph, null, ref count));
        Assert.Equal((nuint)3, count);
        Ok(session.Driver.cuGraphGetEdges(graph, null, null, null, ref count));
        Assert.Equal((nuint)2, count);
        Ok(session.Driver.cuGraphInstantiate(out CUgraphExec exec, graph, 0));
        Ok(session.Driver.cuGraphLaunch(exec, stream));
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([11], session.Download(b, 1));
    }

    [Fact]
    public void ArgumentsOfACapture_AreReadWhenCaptured()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUdeviceptr a = session.Upload(1), b = session.Upload(0);
        CUfunction add = session.Function(SmallKernels.Add, "add");
        ulong* values = stackalloc ulong[5];
        void** places = stackalloc void*[5];
        Pack([b, a, 10, 1], values, places);
        Ok(session.Driver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
        Ok(session.Driver.cuLaunchKernel(add, 1, 1, 1, 32, 1, 1, 0, stream, places, null));
        values[2] = 77;
        Ok(session.Driver.cuStreamEndCapture(stream, out CUgraph graph));
        Ok(session.Driver.cuGraphInstantiate(out CUgraphExec exec, graph, 0));
        Ok(session.Driver.cuGraphLaunch(exec, stream));
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([11], session.Download(b, 1));
    }

    [Fact]
    public void AllocationDuringAStrictCapture_KillsIt()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        Ok(session.Driver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        Assert.Equal(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, session.Driver.cuMemAlloc(out _, 16));
        Assert.Equal(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, session.Driver.cuStreamEndCapture(stream, out _));
        Assert.Equal(FindingKind.CaptureViolation, Assert.Single(session.Driver.Findings).Kind);
    }

    [Fact]
    public void AllocationOfAnotherThread_KillsAGlobalCaptureOnly()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        foreach ((CUstreamCaptureMode mode, CUresult expected) in (ReadOnlySpan<(CUstreamCaptureMode, CUresult)>)
            [(CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL, CUresult.CUDA_SUCCESS),
            (CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL, CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED)])
        {
            Ok(session.Driver.cuStreamBeginCapture(stream, mode));
            var thread = new Thread(() =>
            {
                Ok(session.Driver.cuCtxPushCurrent(session.Context));
                _ = session.Driver.cuMemAlloc(out _, 16);
            });
            thread.Start();
            thread.Join();
            Assert.Equal(expected, session.Driver.cuStreamEndCapture(stream, out _));
        }
    }

    [Fact]
    public void SynchronisationOfTheDevice_KillsEveryCapture()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        Ok(session.Driver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
        Assert.Equal(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, session.Driver.cuCtxSynchronize());
        Assert.Equal(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, session.Driver.cuStreamEndCapture(stream, out _));
    }

    [Fact]
    public void UnjoinedStream_MakesTheCaptureFail()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream(), side = session.Stream();
        CUevent fork = session.Event();
        CUdeviceptr a = session.Upload(1);
        Ok(session.Driver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
        Ok(session.Driver.cuEventRecord(fork, stream));
        Ok(session.Driver.cuStreamWaitEvent(side, fork, 0));
        Ok(session.Driver.cuMemsetD32Async(a, 5, 1, side));
        Assert.Equal(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNJOINED, session.Driver.cuStreamEndCapture(stream, out _));
    }

    [Fact]
    public void ChildGraphAndCopies_RunInside()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUdeviceptr a = session.Upload(1, 2, 3, 4), b = session.Upload(0, 0, 0, 0);
        Ok(session.Driver.cuGraphCreate(out CUgraph child, 0));
        var copy = new CUDA_MEMCPY3D
        {
            srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE, srcDevice = a, srcPitch = 8, srcHeight = 2,
            dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE, dstDevice = b, dstPitch = 8, dstHeight = 2,
            WidthInBytes = 4, Height = 2, Depth = 1,
        };
        Ok(session.Driver.cuGraphAddMemcpyNode(out _, child, null, 0, in copy, session.Context));
        Ok(session.Driver.cuGraphCreate(out CUgraph graph, 0));
        Ok(session.Driver.cuGraphAddChildGraphNode(out CUgraphNode inner, graph, null, 0, child));
        Kernel(session, graph, session.Function(SmallKernels.Add, "add"), [inner], b, b, 10, 4);
        Ok(session.Driver.cuGraphInstantiate(out CUgraphExec exec, graph, 0));
        Ok(session.Driver.cuGraphLaunch(exec, stream));
        Ok(session.Driver.cuStreamSynchronize(stream));
        Assert.Equal([11, 10, 13, 10], session.Download(b, 4));
    }

    private static CUgraphNode Kernel(DriverSession session, CUgraph graph, CUfunction function, CUgraphNode[] after, params object[] arguments)
    {
        ulong* values = stackalloc ulong[arguments.Length];
        void** places = stackalloc void*[arguments.Length];
        Pack(arguments, values, places);
        CUDA_KERNEL_NODE_PARAMS node = Node(function, places);
        fixed (CUgraphNode* dependencies = after)
        {
            Ok(session.Driver.cuGraphAddKernelNode(out CUgraphNode made, graph, dependencies, (nuint)after.Length, in node));
            return made;
        }
    }

    private static void Update(DriverSession session, CUgraphExec exec, CUgraphNode node, CUfunction function, params object[] arguments)
    {
        ulong* values = stackalloc ulong[arguments.Length];
        void** places = stackalloc void*[arguments.Length];
        Pack(arguments, values, places);
        CUDA_KERNEL_NODE_PARAMS parameters = Node(function, places);
        Ok(session.Driver.cuGraphExecKernelNodeSetParams(exec, node, in parameters));
    }

    private static CUDA_KERNEL_NODE_PARAMS Node(CUfunction function, void** places) => new()
    {
        func = function,
        gridDimX = 1, gridDimY = 1, gridDimZ = 1,
        blockDimX = 32, blockDimY = 1, blockDimZ = 1,
        kernelParams = places,
    };
}
