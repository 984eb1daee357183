using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Instantiated graphs: launch and update.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    /// <inheritdoc/>
    public CUresult cuGraphInstantiate(out CUgraphExec phGraphExec, CUgraph hGraph, CUgraphInstantiate_flags flags)
    {
        lock (_gate)
        {
            phGraphExec = default;
            CUresult result = Enter(out _);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualGraph>(hGraph.Value) is not { } graph || graph.InOrder() is null) return CUresult.CUDA_ERROR_INVALID_VALUE;
            VirtualGraph copy = Copy(graph, out Dictionary<GraphNode, GraphNode> nodes);
            phGraphExec = new CUgraphExec(Keep(new VirtualGraphExec(copy, nodes)));
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphExecDestroy(CUgraphExec hGraphExec)
    {
        lock (_gate)
        {
            if (Find<VirtualGraphExec>(hGraphExec.Value) is null) return CUresult.CUDA_ERROR_INVALID_VALUE;
            _handles.Remove(hGraphExec.Value);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphExecKernelNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_KERNEL_NODE_PARAMS nodeParams)
    {
        lock (_gate)
        {
            if (Twin(hGraphExec, hNode) is not { Kernel: { } old } twin) return CUresult.CUDA_ERROR_INVALID_VALUE;
            CUresult result = Prepare(in nodeParams, out KernelCall? call);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (call!.Function.Module.Device != old.Function.Module.Device) return CUresult.CUDA_ERROR_INVALID_VALUE;
            twin.Kernel = call with { IsProgrammatic = old.IsProgrammatic };
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphExecMemsetNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx)
    {
        lock (_gate)
        {
            if (Twin(hGraphExec, hNode) is not { Type: CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMSET } twin) return CUresult.CUDA_ERROR_INVALID_VALUE;
            CUresult result = CheckFill(in memsetParams);
            if (result == CUresult.CUDA_SUCCESS) twin.Memset = memsetParams;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphExecMemcpyNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, in CUDA_MEMCPY3D copyParams, CUcontext ctx)
    {
        lock (_gate)
        {
            if (Twin(hGraphExec, hNode) is not { Type: CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY } twin) return CUresult.CUDA_ERROR_INVALID_VALUE;
            CUresult result = CheckCopy(in copyParams);
            if (result == CUresult.CUDA_SUCCESS) twin.Memcpy = copyParams;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphExecUpdate(CUgraphExec hGraphExec, CUgraph hGraph, out CUgraphExecUpdateResultInfo resultInfo)
    {
        const int TopologyChanged = 2;
        lock (_gate)
        {
            resultInfo = default;
            if (Find<VirtualGraphExec>(hGraphExec.Value) is not { } exec
                || Find<VirtualGraph>(hGraph.Value) is not { } graph) return CUresult.CUDA_ERROR_INVALID_VALUE;
            bool isSame = exec.Graph.Nodes.Count == graph.Nodes.Count;
            for (int i = 0; isSame && i < graph.Nodes.Count; i++)
            {
                GraphNode own = exec.Graph.Nodes[i], other = graph.Nodes[i];
                isSame = own.Type == other.Type && own.After.Count == other.After.Count
                    && own.After.Select(edge => exec.Graph.Nodes.IndexOf(edge.Node)).SequenceEqual(other.After.Select(edge => graph.Nodes.IndexOf(edge.Node)));
            }
            if (!isSame)
            {
                resultInfo.result = (CUgraphExecUpdateResult)TopologyChanged;
                return CUresult.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE;
            }
            // Nodes to update are identified by the graph that was instantiated, now and later.
            VirtualGraph copy = Copy(graph, out _);
            foreach ((GraphNode original, GraphNode twin) in exec.Nodes.ToList()) exec.Nodes[original] = copy.Nodes[exec.Graph.Nodes.IndexOf(twin)];
            exec.Graph = copy;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphUpload(CUgraphExec hGraphExec, CUstream hStream)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            return Find<VirtualGraphExec>(hGraphExec.Value) is null
                || Stream(device, hStream) is null ? CUresult.CUDA_ERROR_INVALID_VALUE : CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualGraphExec>(hGraphExec.Value) is not { } exec || Stream(device, hStream) is not { } stream) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (stream.Capture is { } capture)
            {
                CaptureNode(capture, stream, CUgraphNodeType.CU_GRAPH_NODE_TYPE_GRAPH).Child = Copy(exec.Graph, out _);
                return CUresult.CUDA_SUCCESS;
            }
            result = Add(device, stream, "cuGraphLaunch", null);
            if (result != CUresult.CUDA_SUCCESS) return result;
            // Launches of the same instantiated graph are serialised.
            var start = new StreamWork("cuGraphLaunch", null, [stream.Last, exec.Last]);
            stream.Last = exec.Last = Unfold(device, exec.Graph, start);
            return CUresult.CUDA_SUCCESS;
        }
    }

    private GraphNode? Twin(CUgraphExec exec, CUgraphNode node) =>
        Find<VirtualGraphExec>(exec.Value) is { } found && Find<GraphNode>(node.Value) is { } original ? found.Nodes.GetValueOrDefault(original) : null;

    /// <summary>A graph's nodes as stream work after a start; the result completes when all of them have.</summary>
    private StreamWork Unfold(VirtualDevice device, VirtualGraph graph, StreamWork start)
    {
        var works = new Dictionary<GraphNode, StreamWork>();
        foreach (GraphNode node in graph.InOrder()!)
        {
            List<StreamWork> after = node.After.Count == 0 ? [start] : node.After.ConvertAll(edge => works[edge.Node]);
            bool isProgrammatic = node.Kernel is { IsProgrammatic: true } || node.After.Exists(edge => edge.Edge.type == CUgraphEdgeData.TypeProgrammatic);
            List<LaunchedKernel> before =
                [.. node.After.Where(edge => edge.Edge.type == CUgraphEdgeData.TypeProgrammatic || node.Kernel is { IsProgrammatic: true })
                .Select(edge => works[edge.Node].Kernel).OfType<LaunchedKernel>()];
            works.Add(node, Work(device, node, after, isProgrammatic, before));
        }
        return new StreamWork("cuGraphLaunch", null, graph.Nodes.Count == 0 ? [start] : works.Values);
    }

    private StreamWork Work(VirtualDevice device, GraphNode node, List<StreamWork> after, bool isProgrammatic, List<LaunchedKernel> before)
    {
        switch (node.Type)
        {
            case CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL:
                KernelCall call = node.Kernel! with { IsProgrammatic = isProgrammatic };
                var self = new LaunchedKernel { Name = call.Function.Name };
                return new StreamWork(call.Function.Name, () => Run(device, call, self, before), after) { Kernel = self };
            case CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMSET:
                CUDA_MEMSET_NODE_PARAMS fill = node.Memset;
                return new StreamWork("memset node", () => Fill(device, in fill), after);
            case CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY:
                CUDA_MEMCPY3D copy = node.Memcpy;
                return new StreamWork("memcpy node", () => Copy(device, in copy), after);
            case CUgraphNodeType.CU_GRAPH_NODE_TYPE_GRAPH:
                return Unfold(device, node.Child!, new StreamWork("child graph", null, after));
            default:
                var library = new LaunchedKernel { Name = "node" };
                return new StreamWork("node", () => node.Host?.Invoke(library), after) { Kernel = library };
        }
    }

    private CUresult CheckFill(in CUDA_MEMSET_NODE_PARAMS fill)
    {
        CUresult result = Enter(out _, CaptureRule.Safe, "cuGraphAddMemsetNode");
        if (result != CUresult.CUDA_SUCCESS) return result;
        if (fill.elementSize is not (1 or 2 or 4) || fill.width == 0 || fill.height == 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
        nuint row = fill.width * fill.elementSize;
        nuint bytes = fill.height == 1 ? row : (fill.pitch * (fill.height - 1)) + row;
        return Range(fill.dst.Value, bytes, "cuGraphAddMemsetNode") is null ? CUresult.CUDA_ERROR_INVALID_VALUE : CUresult.CUDA_SUCCESS;
    }

    private CUresult CheckCopy(in CUDA_MEMCPY3D copy)
    {
        CUresult result = Enter(out _, CaptureRule.Safe, "cuGraphAddMemcpyNode");
        if (result != CUresult.CUDA_SUCCESS) return result;
        if (copy.WidthInBytes == 0 || copy.Height == 0 || copy.Depth == 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
        bool isSource = copy.srcMemoryType == CUmemorytype.CU_MEMORYTYPE_HOST ? copy.srcHost is not null
            : Range(copy.srcDevice.Value, copy.WidthInBytes, "cuGraphAddMemcpyNode") is not null;
        bool isTarget = copy.dstMemoryType == CUmemorytype.CU_MEMORYTYPE_HOST ? copy.dstHost is not null
            : Range(copy.dstDevice.Value, copy.WidthInBytes, "cuGraphAddMemcpyNode") is not null;
        return isSource && isTarget ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_INVALID_VALUE;
    }

    private void Fill(VirtualDevice device, in CUDA_MEMSET_NODE_PARAMS fill)
    {
        if (device.Broken != CUresult.CUDA_SUCCESS) return;
        for (nuint row = 0; row < fill.height; row++)
        {
            ulong address = fill.dst.Value + (row * fill.pitch);
            nuint bytes = fill.width * fill.elementSize;
            if (Range(address, bytes, "memset node") is { } target) Fill(target, address - target.Address, fill.value, (int)fill.elementSize, bytes);
        }
    }

    private void Copy(VirtualDevice device, in CUDA_MEMCPY3D copy)
    {
        if (device.Broken != CUresult.CUDA_SUCCESS) return;
        nuint bytes = copy.WidthInBytes;
        for (nuint z = 0; z < copy.Depth; z++)
        {
            for (nuint y = 0; y < copy.Height; y++)
            {
                nuint from = copy.srcXInBytes + (((copy.srcZ + z) * copy.srcHeight) + copy.srcY + y) * copy.srcPitch;
                nuint to = copy.dstXInBytes + (((copy.dstZ + z) * copy.dstHeight) + copy.dstY + y) * copy.dstPitch;
                Allocation? source = copy.srcMemoryType == CUmemorytype.CU_MEMORYTYPE_HOST ? null : Range(copy.srcDevice.Value + from, bytes, "memcpy node");
                Allocation? target = copy.dstMemoryType == CUmemorytype.CU_MEMORYTYPE_HOST ? null : Range(copy.dstDevice.Value + to, bytes, "memcpy node");
                ulong sourceOffset = source is null ? 0 : copy.srcDevice.Value + from - source.Address;
                ulong targetOffset = target is null ? 0 : copy.dstDevice.Value + to - target.Address;
                if (source is not null && target is not null) Move(target, targetOffset, source, sourceOffset, bytes);
                else if (target is not null && copy.srcMemoryType == CUmemorytype.CU_MEMORYTYPE_HOST) Upload(
                    target, targetOffset, (byte*)copy.srcHost + from, bytes);
                else if (source is not null && copy.dstMemoryType == CUmemorytype.CU_MEMORYTYPE_HOST) Download(
                    (byte*)copy.dstHost + to, source, sourceOffset, bytes);
            }
        }
    }
}
