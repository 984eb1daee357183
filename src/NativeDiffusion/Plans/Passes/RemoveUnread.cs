namespace NativeDiffusion.Plans;

/// <summary>Dead-code elimination: removes operations that no output depends on. Inputs remain: they are the graph's signature.</summary>
internal static class RemoveUnread
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Unused.</param>
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
