namespace NativeDiffusion.Plans;

/// <summary>Convolutions over a nearest-upsampled picture look into the small one; their window knows the size that they think they see.</summary>
internal static class ResolveUpsampling
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Whether convolutions read as if upsampled.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        Dictionary<PlanTensor, UpsampleNearestOperation> upsamples =
            graph.Operations.OfType<UpsampleNearestOperation>().ToDictionary(operation => operation.Output);
        return upsamples.Count == 0 || !capabilities.VirtualUpsampling ? graph : new Graph(
            graph.GraphInputs,
            [.. graph.Operations.Select(operation => operation is GemmOperation product ? product with
            {
                Segments = [.. product.Segments.Select(segment =>
                    upsamples.TryGetValue(segment.Source, out UpsampleNearestOperation? upsample) ? segment with { Source = upsample.X } : segment)],
            } : operation)],
            graph.GraphOutputs);
    }
}
