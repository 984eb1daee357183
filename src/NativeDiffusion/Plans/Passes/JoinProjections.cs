namespace NativeDiffusion.Plans;

/// <summary>q, k and v of one source become one product, and attention reads their columns; k and v alone if q has another source.</summary>
internal static class JoinProjections
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Whether attention reads some columns of wider rows.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        var editor = new GraphEditor(graph);
        for (int i = 0; i < editor.Length && capabilities.SlicedRows; i++)
        {
            if (editor[i] is not AttentionOperation attention) continue;
            if (!TryJoin(editor, [attention.Query, attention.Key, attention.Value])) TryJoin(editor, [attention.Key, attention.Value]);
        }

        return editor.ToGraph();
    }

    private static bool TryJoin(GraphEditor editor, PlanTensor[] values)
    {
        GemmOperation?[] found = [.. values.Select(editor.OpenProduct)];
        if (found.Distinct().Count() != found.Length) return false;
        if (found.Any(product => product is not { IsPlain: true } || product.Segments[0].Source != found[0]!.Segments[0].Source)) return false;
        JoinedProduct.Join(editor, found!, values.Max(editor.ProducerIndex));
        return true;
    }
}
