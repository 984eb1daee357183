using System.Runtime.InteropServices;
using System.Text;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Graphs, node by node.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    /// <inheritdoc/>
    public CUresult cuGraphCreate(out CUgraph phGraph, uint flags)
    {
        lock (_gate)
        {
            phGraph = default;
            if (!_isInitialized) return CUresult.CUDA_ERROR_NOT_INITIALIZED;
            if (flags != 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
            phGraph = new CUgraph(Keep(new VirtualGraph()));
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphDestroy(CUgraph hGraph)
    {
        lock (_gate)
        {
            if (Find<VirtualGraph>(hGraph.Value) is not { } graph) return CUresult.CUDA_ERROR_INVALID_VALUE;
            foreach (GraphNode node in graph.Nodes) _handles.Remove(node.Handle.Value);
            _handles.Remove(hGraph.Value);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphAddKernelNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_KERNEL_NODE_PARAMS nodeParams)
    {
        lock (_gate)
        {
            phGraphNode = default;
            CUresult result = Prepare(in nodeParams, out KernelCall? call);
            if (result != CUresult.CUDA_SUCCESS) return result;
            result = AddNode(hGraph, CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL, dependencies, numDependencies, out GraphNode? node);
            if (node is null) return result;
            node.Kernel = call;
            phGraphNode = node.Handle;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphAddMemsetNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMSET_NODE_PARAMS memsetParams, CUcontext ctx)
    {
        lock (_gate)
        {
            phGraphNode = default;
            CUresult result = CheckFill(in memsetParams);
            if (result != CUresult.CUDA_SUCCESS) return result;
            result = AddNode(hGraph, CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMSET, dependencies, numDependencies, out GraphNode? node);
            if (node is null) return result;
            node.Memset = memsetParams;
            phGraphNode = node.Handle;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphAddMemcpyNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, in CUDA_MEMCPY3D copyParams, CUcontext ctx)
    {
        lock (_gate)
        {
            phGraphNode = default;
            CUresult result = CheckCopy(in copyParams);
            if (result != CUresult.CUDA_SUCCESS) return result;
            result = AddNode(hGraph, CUgraphNodeType.CU_GRAPH_NODE_TYPE_MEMCPY, dependencies, numDependencies, out GraphNode? node);
            if (node is null) return result;
            node.Memcpy = copyParams;
            phGraphNode = node.Handle;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphAddChildGraphNode(
        out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies, CUgraph childGraph)
    {
        lock (_gate)
        {
            phGraphNode = default;
            if (Find<VirtualGraph>(childGraph.Value) is not { } child) return CUresult.CUDA_ERROR_INVALID_VALUE;
            CUresult result = AddNode(hGraph, CUgraphNodeType.CU_GRAPH_NODE_TYPE_GRAPH, dependencies, numDependencies, out GraphNode? node);
            if (node is null) return result;
            node.Child = Copy(child, out _);
            phGraphNode = node.Handle;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphAddEmptyNode(out CUgraphNode phGraphNode, CUgraph hGraph, CUgraphNode* dependencies, nuint numDependencies)
    {
        lock (_gate)
        {
            CUresult result = AddNode(hGraph, CUgraphNodeType.CU_GRAPH_NODE_TYPE_EMPTY, dependencies, numDependencies, out GraphNode? node);
            phGraphNode = node?.Handle ?? default;
            return result;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphAddDependencies(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, nuint numDependencies)
    {
        lock (_gate)
        {
            if (Find<VirtualGraph>(hGraph.Value) is not { } graph) return CUresult.CUDA_ERROR_INVALID_VALUE;
            for (nuint i = 0; i < numDependencies; i++)
            {
                if (Find<GraphNode>(from[i].Value) is not { } earlier || Find<GraphNode>(to[i].Value) is not { } later || earlier.Graph != graph
                    || later.Graph != graph)
                    return CUresult.CUDA_ERROR_INVALID_VALUE;
                if (later.After.Exists(edge => edge.Node == earlier)) return CUresult.CUDA_ERROR_INVALID_VALUE;
                CUgraphEdgeData edge = edgeData is null ? default : edgeData[i];
                if (edge.type == CUgraphEdgeData.TypeProgrammatic
                    && (earlier.Type, later.Type) != (CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL,
                    CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL)) return CUresult.CUDA_ERROR_INVALID_VALUE;
                later.After.Add((earlier, edge));
            }
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphGetNodes(CUgraph hGraph, CUgraphNode* nodes, ref nuint numNodes)
    {
        lock (_gate)
        {
            if (Find<VirtualGraph>(hGraph.Value) is not { } graph) return CUresult.CUDA_ERROR_INVALID_VALUE;
            return Give(graph.Nodes.ConvertAll(node => node.Handle), nodes, ref numNodes);
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphGetEdges(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, ref nuint numEdges)
    {
        lock (_gate)
        {
            if (Find<VirtualGraph>(hGraph.Value) is not { } graph) return CUresult.CUDA_ERROR_INVALID_VALUE;
            var edges = graph.Nodes.SelectMany(node => node.After.Select(edge => (From: edge.Node.Handle, To: node.Handle, edge.Edge))).ToList();
            if (edgeData is not null)
                for (int i = 0; i < edges.Count && (nuint)i < numEdges; i++) edgeData[i] = edges[i].Edge;
            nuint count = numEdges;
            CUresult result = Give(edges.ConvertAll(edge => edge.From), from, ref count);
            if (result != CUresult.CUDA_SUCCESS) return result;
            return Give(edges.ConvertAll(edge => edge.To), to, ref numEdges);
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphNodeGetDependencies(CUgraphNode hNode, CUgraphNode* dependencies, CUgraphEdgeData* edgeData, ref nuint numDependencies)
    {
        lock (_gate)
        {
            if (Find<GraphNode>(hNode.Value) is not { } node) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (edgeData is not null)
                for (int i = 0; i < node.After.Count && (nuint)i < numDependencies; i++) edgeData[i] = node.After[i].Edge;
            return Give(node.After.ConvertAll(edge => edge.Node.Handle), dependencies, ref numDependencies);
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphNodeGetType(CUgraphNode hNode, out CUgraphNodeType type)
    {
        lock (_gate)
        {
            GraphNode? node = Find<GraphNode>(hNode.Value);
            type = node?.Type ?? default;
            return node is null ? CUresult.CUDA_ERROR_INVALID_VALUE : CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphKernelNodeGetParams(CUgraphNode hNode, out CUDA_KERNEL_NODE_PARAMS nodeParams)
    {
        lock (_gate)
        {
            nodeParams = default;
            if (Find<GraphNode>(hNode.Value)?.Kernel is not { } call) return CUresult.CUDA_ERROR_INVALID_VALUE;
            nodeParams = new CUDA_KERNEL_NODE_PARAMS
            {
                func = new CUfunction(call.Function.Module.Functions[call.Function.Name]),
                gridDimX = call.Grid.X,
                gridDimY = call.Grid.Y,
                gridDimZ = call.Grid.Z,
                blockDimX = call.Block.X,
                blockDimY = call.Block.Y,
                blockDimZ = call.Block.Z,
                sharedMemBytes = (uint)call.SharedBytes,
            };
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphKernelNodeSetAttribute(CUgraphNode hNode, CUlaunchAttributeID attr, in CUlaunchAttributeValue value)
    {
        lock (_gate)
        {
            if (Find<GraphNode>(hNode.Value) is not { Kernel: { } call }) return CUresult.CUDA_ERROR_INVALID_VALUE;
            if (attr == CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION
                && value.clusterDim is not { x: <= 1, y: <= 1, z: <= 1 }) return CUresult.CUDA_ERROR_NOT_SUPPORTED;
            if (attr == CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION)
            {
                // An attribute of launches: in a graph a programmatic edge expresses it.
                ReportArguments(call.Function, "programmatic stream serialization is not valid for a graph node; add a programmatic edge");
                return CUresult.CUDA_ERROR_INVALID_VALUE;
            }
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuGraphDebugDotPrint(CUgraph hGraph, string path, CUgraphDebugDot_flags flags)
    {
        VirtualGraph? graph;
        lock (_gate) graph = Find<VirtualGraph>(hGraph.Value);
        if (graph is null) return CUresult.CUDA_ERROR_INVALID_VALUE;
        var text = new StringBuilder("digraph graph_1 {\n");
        foreach (GraphNode node in graph.Nodes)
        {
            string label = node.Kernel is { } call ? $"{call.Function.Name}\\ngrid {call.Grid} block {call.Block}" : node.Type.ToString();
            text.Append(null, $"  n{node.Handle.Value} [label=\"{label}\"];\n");
            foreach ((GraphNode earlier, _) in node.After) text.Append(null, $"  n{earlier.Handle.Value} -> n{node.Handle.Value};\n");
        }
        try
        {
            File.WriteAllText(path, text.Append("}\n").ToString());
            return CUresult.CUDA_SUCCESS;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return CUresult.CUDA_ERROR_OPERATING_SYSTEM;
        }
    }

    private static CUresult Give(List<CUgraphNode> from, CUgraphNode* to, ref nuint count)
    {
        if (to is null)
        {
            count = (nuint)from.Count;
            return CUresult.CUDA_SUCCESS;
        }
        int given = (int)Math.Min(count, (nuint)from.Count);
        CollectionsMarshal.AsSpan(from)[..given].CopyTo(new Span<CUgraphNode>(to, given));
        for (nuint i = (nuint)given; i < count; i++) to[i] = default;
        count = (nuint)given;
        return CUresult.CUDA_SUCCESS;
    }

    private CUresult Prepare(in CUDA_KERNEL_NODE_PARAMS node, out KernelCall? call)
    {
        call = null;
        CUresult result = Enter(out VirtualDevice device, CaptureRule.Safe, "cuGraphAddKernelNode");
        if (result != CUresult.CUDA_SUCCESS) return result;
        var grid = new Dimensions(node.gridDimX, node.gridDimY, node.gridDimZ);
        var block = new Dimensions(node.blockDimX, node.blockDimY, node.blockDimZ);
        return Prepare(device, node.func, grid, block, node.sharedMemBytes, node.kernelParams, node.extra, false, out call);
    }

    private CUresult AddNode(CUgraph handle, CUgraphNodeType type, CUgraphNode* dependencies, nuint count, out GraphNode? node)
    {
        node = null;
        if (Find<VirtualGraph>(handle.Value) is not { } graph) return CUresult.CUDA_ERROR_INVALID_VALUE;
        var after = new List<(GraphNode, CUgraphEdgeData)>();
        for (nuint i = 0; i < count; i++)
        {
            if (Find<GraphNode>(dependencies[i].Value) is not { } earlier || earlier.Graph != graph) return CUresult.CUDA_ERROR_INVALID_VALUE;
            after.Add((earlier, default));
        }
        node = new GraphNode(NewHandle(), graph, type);
        node.After.AddRange(after);
        graph.Nodes.Add(node);
        _handles.Add(node.Handle.Value, node);
        return CUresult.CUDA_SUCCESS;
    }

    private VirtualGraph Copy(VirtualGraph graph, out Dictionary<GraphNode, GraphNode> nodes)
    {
        var copy = new VirtualGraph();
        nodes = [];
        foreach (GraphNode node in graph.Nodes)
        {
            GraphNode twin = node.CopyTo(copy, NewHandle());
            if (node.Child is not null) twin.Child = Copy(node.Child, out _);
            copy.Nodes.Add(twin);
            nodes.Add(node, twin);
        }
        foreach (GraphNode node in graph.Nodes)
            foreach ((GraphNode earlier, CUgraphEdgeData edge) in node.After) nodes[node].After.Add((nodes[earlier], edge));
        return copy;
    }
}
