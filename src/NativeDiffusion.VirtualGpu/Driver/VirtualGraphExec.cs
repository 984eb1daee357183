namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>An instantiated graph: a copy of its nodes, which can be updated without changing the graph.</summary>
internal sealed class VirtualGraphExec(VirtualGraph copy, Dictionary<GraphNode, GraphNode> nodes)
{
    public VirtualGraph Graph { get; set; } = copy;

    /// <summary>Maps the nodes of the source graph to its own.</summary>
    public Dictionary<GraphNode, GraphNode> Nodes { get; } = nodes;

    /// <summary>The end of its last launch, for which the next one waits.</summary>
    public StreamWork? Last { get; set; }
}
