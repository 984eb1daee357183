using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A graph node: its work and its dependencies.</summary>
internal sealed class GraphNode(nint handle, VirtualGraph graph, CUgraphNodeType type)
{
    public CUgraphNode Handle { get; } = new(handle);

    public VirtualGraph Graph => graph;

    public CUgraphNodeType Type => type;

    /// <summary>Nodes it depends on, and whether it may overlap with them (programmatic dependent launch).</summary>
    public List<(GraphNode Node, CUgraphEdgeData Edge)> After { get; } = [];

    public KernelCall? Kernel { get; set; }

    public CUDA_MEMSET_NODE_PARAMS Memset { get; set; }

    public CUDA_MEMCPY3D Memcpy { get; set; }

    /// <summary>Of a child graph node: a copy, as the driver makes it.</summary>
    public VirtualGraph? Child { get; set; }

    /// <summary>In a captured graph: the work of a library, such as cuBLAS.</summary>
    public Action<LaunchedKernel>? Host { get; set; }

    public GraphNode CopyTo(VirtualGraph other, nint newHandle) => new(newHandle, other, type)
    {
        Kernel = Kernel,
        Memset = Memset,
        Memcpy = Memcpy,
        Child = Child,
        Host = Host,
    };
}
