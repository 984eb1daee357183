namespace NativeDiffusion.Plans;

/// <summary>
/// Consumers of a concatenation read its two sources: products with a segment for each, group norms with two sources. A concatenation that
/// another consumer needs as a whole remains.
/// </summary>
internal static class ResolveConcat
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Segments per product, and whether norms read two sources.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        Dictionary<PlanTensor, ConcatChannelsOperation> concats =
            graph.Operations.OfType<ConcatChannelsOperation>().ToDictionary(operation => operation.Output);
        return concats.Count == 0 ? graph : new Graph(
            graph.GraphInputs,
            [.. graph.Operations.Select(operation => operation switch
            {
                GemmOperation product => Resolve(product, concats, capabilities.SegmentsPerProduct),
                GroupNormOperation { X2: null } norm when capabilities.TwoSourceNorms && concats.TryGetValue(norm.X, out ConcatChannelsOperation? concat) =>
                    norm with { X = concat.A, X2 = concat.B },
                Operation other => other,
            })],
            graph.GraphOutputs);
    }

    private static GemmOperation Resolve(GemmOperation product, Dictionary<PlanTensor, ConcatChannelsOperation> concats, int mostSegments)
    {
        int spare = mostSegments - product.Segments.Length;
        return spare <= 0 || !product.Segments.Any(segment => concats.ContainsKey(segment.Source)) ? product : product with
        {
            Segments = [.. product.Segments.SelectMany(segment =>
                concats.TryGetValue(segment.Source, out ConcatChannelsOperation? concat) && spare-- > 0 ? Halves(segment, concat) : [segment])],
        };
    }

    private static MatrixSegment[] Halves(MatrixSegment segment, ConcatChannelsOperation concat) =>
    [
        segment with { Source = concat.A, Weights = [.. segment.Weights.Select(rows => rows with { InputCount = concat.A.Channels })] },
        segment with
        {
            Source = concat.B,
            Weights = [.. segment.Weights.Select(rows => rows with { FirstInput = concat.A.Channels, InputCount = concat.B.Channels })],
        },
    ];
}
