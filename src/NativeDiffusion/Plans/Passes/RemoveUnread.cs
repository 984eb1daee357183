namespace NativeDiffusion.Plans;

/// <summary>Takes out what no output depends on. Inputs stay: they are the graph's signature.</summary>
internal static class RemoveUnread
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Not asked.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        HashSet<PlanTensor> read = [.. graph.GraphOutputs.Select(output => output.Value.Root)];
        var kept = new Stack<Operation>();
        foreach (Operation operation in graph.Operations.Reverse())
        {
            if (!operation.Outputs.Any(read.Contains)) continue;
            kept.Push(operation);
            read.UnionWith(operation.Inputs.Select(input => input.Root));
        }

        return new Graph(graph.GraphInputs, [.. kept], graph.GraphOutputs);
    }
}
