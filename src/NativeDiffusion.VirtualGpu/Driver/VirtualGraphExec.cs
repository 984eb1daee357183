namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A graph ready to be launched: a copy of its nodes, which can be updated without touching the graph.</summary>
internal sealed class VirtualGraphExec(VirtualGraph copy, Dictionary<GraphNode, GraphNode> nodes)
{
    public VirtualGraph Graph { get; set; } = copy;

    /// <summary>From the nodes of the graph that it was made of to its own.</summary>
    public Dictionary<GraphNode, GraphNode> Nodes { get; } = nodes;

    /// <summary>The end of its last launch: the next one waits for it.</summary>
    public StreamWork? Last { get; set; }
}
