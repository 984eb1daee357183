namespace NativeDiffusion.Plans;

/// <summary>Convolutions over a nearest-upsampled picture read the smaller one; their window has the virtual, upsampled size.</summary>
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
                    upsamples.TryGetValue(segment.Source, out UpsampleNearestOperation? upsample) && SeesPicture(product, segment)
                        ? segment with { Source = upsample.X } : segment)],
            } : operation)],
            graph.GraphOutputs);
    }

    // A 1x1 product may make its rows under another shape than the picture's; its window has then nothing to look into.
    private static bool SeesPicture(GemmOperation product, MatrixSegment segment) =>
        segment.Window is not { Kernel: 1, Stride: 1 }
        || product.Output.Shape.Dimensions[..^1].SequenceEqual(segment.Source.Shape.Dimensions[..^1]);
}
