using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

/// <summary>Launches with options, through the engine's own queues: programmatic overlap, cooperative launch, priority.</summary>
public sealed unsafe class LaunchAttributeTests
{
    /// <summary>A kernel that may start early and does not wait is reported: in a stream, in an explicitly built graph and in a captured one.</summary>
    [Theory]
    [InlineData("stream", false)]
    [InlineData("stream", true)]
    [InlineData("graph", false)]
    [InlineData("graph", true)]
    [InlineData("recorded", false)]
    [InlineData("recorded", true)]
    public void OverlappingLaunch_MustWaitBeforeItReads(string queue, bool waits)
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.Of(90)] });
        using CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var buffer = new DeviceBuffer(context, 64);
        using CudaModule first = SmallModule.Load(context);
        using CudaModule second = SmallModule.Load(context, Waiting(waits));
        CudaFunction add = first.Function("add"), next = second.Function("add");
        stream.Fill(buffer.Pointer, 0, 64);

        if (queue == "stream")
        {
            Add(stream);
        }
        else
        {
            using CudaGraph graph = queue == "graph" ? new CudaGraph(context) : stream.Capture(() => Add(stream));
            if (queue == "graph")
                Add(graph);
            Assert.Equal(CUgraphEdgeData.TypeProgrammatic, Edge(card, graph).type);
            Assert.Equal(CUgraphEdgeData.PortProgrammatic, Edge(card, graph).from_port);
            using CudaGraphExec exec = graph.Instantiate();
            exec.Launch(stream);
        }

        if (waits)
        {
            int[] result = new int[4];
            stream.Download<int>(buffer.Pointer, result);
            Assert.Equal([11, 11, 11, 11], result);
            Assert.Empty(card.Findings);
        }
        else
        {
            Assert.Throws<CudaException>(stream.Synchronize);
            Assert.Contains(card.Findings, finding => finding.Kind == FindingKind.MissingGridDependencyWait);
        }

        void Add(IKernelQueue to)
        {
            to.Launch(add, 1, 32, 0, buffer.Pointer, buffer.Pointer, 1, 4);
            to.Launch(next, 1, 32, 0, new LaunchOptions { IsProgrammatic = true, Priority = 0 }, buffer.Pointer, buffer.Pointer, 10, 4);
        }
    }

    [Fact]
    public void CooperativeLaunch_ThatDoesNotFit_IsRefused()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        using CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var buffer = new DeviceBuffer(context, 64);
        using CudaModule module = SmallModule.Load(context);
        CudaFunction add = module.Function("add");
        stream.Fill(buffer.Pointer, 0, 64);
        int most = add.BlocksPerMultiprocessor(32, 0) * context.Device.Multiprocessors;

        stream.Launch(add, most, 32, 0, new LaunchOptions { IsCooperative = true }, buffer.Pointer, buffer.Pointer, 1, 4);
        CudaException exception = Assert.Throws<CudaException>(
            () => stream.Launch(add, most + 1, 32, 0, new LaunchOptions { IsCooperative = true }, buffer.Pointer, buffer.Pointer, 1, 4));

        Assert.Equal(("CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE", "cuLaunchKernelEx"), (exception.Name, exception.Call));
        Assert.Contains("IsCooperative = True", exception.Message, StringComparison.Ordinal);
        stream.Synchronize();
    }

    /// <summary>Launches that a GPU rejects: unsupported clusters, and programmatic overlap as an attribute of a graph node.</summary>
    [Fact]
    public void AttributesThatACardRefuses_AreRefusedAndFound()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        using CudaContext context = CudaContext.Open(card, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using CudaModule module = SmallModule.Load(context);
        using var graph = new CudaGraph(context);
        DevicePointer none = default;
        CUgraphNode node = graph.AddKernel(module.Function("add"), 1, 32, 0, [], none, none, 1, 0);
        var overlapping = new CUlaunchAttributeValue { programmaticStreamSerializationAllowed = 1 };
        Assert.Equal(
            CUresult.CUDA_ERROR_INVALID_VALUE, card.cuGraphKernelNodeSetAttribute(
            node, CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION, in overlapping));
        var cluster = new CUlaunchAttributeValue { clusterDim = new CUclusterDim { x = 2, y = 1, z = 1 } };
        Assert.Equal(
            CUresult.CUDA_ERROR_NOT_SUPPORTED, card.cuGraphKernelNodeSetAttribute(node, CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION, in cluster));
        var attribute = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION, value = cluster };
        var config =
            new CUlaunchConfig { gridDimX = 1, gridDimY = 1, gridDimZ = 1, blockDimX = 32, blockDimY = 1, blockDimZ = 1, attrs = &attribute, numAttrs = 1 };
        Assert.Equal(CUresult.CUDA_ERROR_NOT_SUPPORTED, card.cuLaunchKernelEx(in config, module.Function("add").Handle, null, null));
        Assert.Equal(2, card.Findings.Count);
    }

    /// <summary>A driver before 12.3 has no such edges: an ordinary edge is used.</summary>
    [Fact]
    public void OverlappingNode_OnADriverWithoutSuchEdges_ComesAfterTheOther()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.Of(90)] });
        int asked = 0;
        var driver = new FailingCudaDriver(
            card)
        { Rule = (name, _) => name == "cuGraphAddDependencies" && ++asked == 1 ? CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER : null };
        using CudaContext context = CudaContext.Open(driver, synchronousLaunches: false);
        using ContextScope scope = context.Enter();
        using CudaModule module = SmallModule.Load(context);
        CudaFunction add = module.Function("add");
        using var graph = new CudaGraph(context);
        DevicePointer none = default;
        graph.Launch(add, 1, 32, 0, none, none, 1, 0);
        graph.Launch(add, 1, 32, 0, new LaunchOptions { IsProgrammatic = true }, none, none, 1, 0);

        Assert.Equal(2, asked);
        Assert.Equal(0, Edge(card, graph).type);
    }

    [Fact]
    public void PeersMemory_CanBeUsedOnceEnabled_AndCopiedAnyway()
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1, Devices = [DeviceModel.A100, DeviceModel.A100] });
        using CudaContext near = CudaContext.Open(card, 0, synchronousLaunches: false);
        using CudaContext far = CudaContext.Open(card, 1, synchronousLaunches: false);
        DeviceBuffer there;
        using (far.Enter())
        {
            there = new DeviceBuffer(far, 16);
            using var other = new CudaStream(far);
            other.Upload<int>([1, 2, 3, 4], there.Pointer);
        }

        using ContextScope scope = near.Enter();
        using var stream = new CudaStream(near);
        using var here = new DeviceBuffer(near, 16);
        using CudaModule module = SmallModule.Load(near);
        Assert.True(near.TryEnablePeer(far));
        // Again, as another user in the process might.
        Assert.True(near.TryEnablePeer(far));
        Assert.False(near.TryEnablePeer(near));
        stream.Launch(module.Function("add"), 1, 32, 0, here.Pointer, there.Pointer, 10, 4);
        stream.CopyToPeer(here.Pointer + 8, far, there.Pointer, 8);
        int[] result = new int[4];
        stream.Download<int>(there.Pointer, result);
        Assert.Equal([13, 14, 3, 4], result);
        there.Dispose();
        Assert.Empty(card.Findings);
    }

    /// <summary>add, with or without griddepcontrol.wait.</summary>
    internal static string Waiting(bool waits) => SmallKernels.Add
        .Replace(".version 7.0", ".version 7.8", StringComparison.Ordinal).Replace("sm_75", "sm_90", StringComparison.Ordinal)
        .Replace("cvta.to.global.u64 %rd3", (waits ? "griddepcontrol.wait;\n" : "") + "cvta.to.global.u64 %rd3", StringComparison.Ordinal);

    private static CUgraphEdgeData Edge(VirtualCudaDriver card, CudaGraph graph)
    {
        CUgraphNode* from = stackalloc CUgraphNode[4], to = stackalloc CUgraphNode[4];
        CUgraphEdgeData* edges = stackalloc CUgraphEdgeData[4];
        nuint count = 4;
        DriverSession.Ok(card.cuGraphGetEdges(graph.Handle, from, to, edges, ref count));
        Assert.Equal((nuint)1, count);
        nuint dependencies = 1;
        CUgraphNode before;
        DriverSession.Ok(card.cuGraphNodeGetDependencies(to[0], &before, null, ref dependencies));
        Assert.Equal(from[0], before);
        return edges[0];
    }
}
