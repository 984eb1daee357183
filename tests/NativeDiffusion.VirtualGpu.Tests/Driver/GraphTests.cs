using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Testing;
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
            srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
            srcDevice = a,
            srcPitch = 8,
            srcHeight = 2,
            dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
            dstDevice = b,
            dstPitch = 8,
            dstHeight = 2,
            WidthInBytes = 4,
            Height = 2,
            Depth = 1,
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

    [Fact]
    public void Nodes_SayWhatTheyAre_AndCanBeChangedInPlace()
    {
        using var session = new DriverSession();
        CUstream stream = session.Stream();
        CUfunction add = session.Function(SmallKernels.Add, "add");
        CUdeviceptr a = session.Upload(1, 1), b = session.Upload(0, 0);
        Ok(session.Driver.cuGraphCreate(out CUgraph graph, 0));
        var fill = new CUDA_MEMSET_NODE_PARAMS { dst = a, value = 5, elementSize = 4, width = 1, height = 1 };
        Ok(session.Driver.cuGraphAddMemsetNode(out CUgraphNode filled, graph, null, 0, in fill, session.Context));
        Ok(session.Driver.cuGraphAddEmptyNode(out CUgraphNode empty, graph, &filled, 1));
        CUDA_MEMCPY3D copy = new()
        {
            srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
            srcDevice = a,
            dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
            dstDevice = b,
            WidthInBytes = 4,
            Height = 1,
            Depth = 1,
        };
        Ok(session.Driver.cuGraphAddMemcpyNode(out CUgraphNode copied, graph, &empty, 1, in copy, session.Context));
        CUgraphNode last = Kernel(session, graph, add, [copied], b, b, 10, 2);
        CUgraphNodeType[] types =
            [CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMSET, CUgraphNodeType.CU_GRAPH_NODE_TYPE_EMPTY, CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY,
            CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL];
        Assert.Equal(types, ((CUgraphNode[])[filled, empty, copied, last]).Select(node =>
        {
            Ok(session.Driver.cuGraphNodeGetType(node, out CUgraphNodeType type));
            return type;
        }));
        Ok(session.Driver.cuGraphKernelNodeGetParams(last, out CUDA_KERNEL_NODE_PARAMS read));
        Assert.Equal((add, 1u, 32u), (read.func, read.gridDimX, read.blockDimX));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuGraphKernelNodeGetParams(copied, out _));

        Ok(session.Driver.cuGraphInstantiate(out CUgraphExec exec, graph, 0));
        Run(15, 10);
        fill.value = 7;
        copy.dstDevice = new CUdeviceptr(b.Value + 4);
        Ok(session.Driver.cuGraphExecMemsetNodeSetParams(exec, filled, in fill, session.Context));
        Ok(session.Driver.cuGraphExecMemcpyNodeSetParams(exec, copied, in copy, session.Context));
        Run(25, 17);
        // The graph itself was not changed; the executable can be updated from it again.
        Ok(session.Driver.cuGraphExecUpdate(exec, graph, out _));
        Run(15, 27);
        Kernel(session, graph, add, [], b, b, 1, 1);
        Assert.Equal(CUresult.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE, session.Driver.cuGraphExecUpdate(exec, graph, out CUgraphExecUpdateResultInfo info));
        Assert.NotEqual(CUgraphExecUpdateResult.CU_GRAPH_EXEC_UPDATE_SUCCESS, info.result);
        fill.width = 100;
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuGraphExecMemsetNodeSetParams(exec, filled, in fill, session.Context));

        void Run(params int[] expected)
        {
            Ok(session.Driver.cuGraphLaunch(exec, stream));
            Ok(session.Driver.cuStreamSynchronize(stream));
            Assert.Equal(expected, session.Download(b, 2));
        }
    }

    [Fact]
    public void Graph_CanBeDrawn()
    {
        using var session = new DriverSession();
        using var folder = new TemporaryFolder();
        CUdeviceptr a = session.Upload(1);
        CUfunction add = session.Function(SmallKernels.Add, "add");
        Ok(session.Driver.cuGraphCreate(out CUgraph graph, 0));
        CUgraphNode first = Kernel(session, graph, add, [], a, a, 1, 1);
        Ok(session.Driver.cuGraphAddEmptyNode(out CUgraphNode second, graph, &first, 1));
        Ok(session.Driver.cuGraphDebugDotPrint(graph, folder.File("graph.dot"), CUgraphDebugDot_flags.CU_GRAPH_DEBUG_DOT_FLAGS_KERNEL_NODE_PARAMS));
        string text = File.ReadAllText(folder.File("graph.dot"));
        Assert.StartsWith("digraph", text, StringComparison.Ordinal);
        Assert.Contains("add", text, StringComparison.Ordinal);
        Assert.Contains($"n{first.Value} -> n{second.Value}", text, StringComparison.Ordinal);
        Assert.Equal(CUresult.CUDA_ERROR_OPERATING_SYSTEM, session.Driver.cuGraphDebugDotPrint(graph, folder.File("no/such/folder.dot"), default));
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
        gridDimX = 1,
        gridDimY = 1,
        gridDimZ = 1,
        blockDimX = 32,
        blockDimY = 1,
        blockDimZ = 1,
        kernelParams = places,
    };
}
