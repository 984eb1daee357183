namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A graph as it is built or captured.</summary>
internal sealed class VirtualGraph
{
    public List<GraphNode> Nodes { get; } = [];

    /// <summary>Nodes in topological order; null if there is a cycle.</summary>
    public List<GraphNode>? InOrder()
    {
        var order = new List<GraphNode>(Nodes.Count);
        var waiting = Nodes.ToDictionary(node => node, node => node.After.Count);
        var followers = Nodes.ToDictionary(node => node, _ => new List<GraphNode>());
        foreach (GraphNode node in Nodes)
            foreach ((GraphNode earlier, _) in node.After) followers[earlier].Add(node);
        var ready = new Queue<GraphNode>(Nodes.Where(node => node.After.Count == 0));
        while (ready.TryDequeue(out GraphNode? node))
        {
            order.Add(node);
            foreach (GraphNode follower in followers[node])
                if (--waiting[follower] == 0) ready.Enqueue(follower);
        }
        return order.Count == Nodes.Count ? order : null;
    }
}
