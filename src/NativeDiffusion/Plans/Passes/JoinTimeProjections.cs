namespace NativeDiffusion.Plans;

/// <summary>
/// Projections of one vector per sample that are only added to pictures (the UNet's 22 time projections) become one product before the first of
/// them: 22 small products would each read their weights alone.
/// </summary>
internal static class JoinTimeProjections
{
    /// <summary>The pass.</summary>
    /// <param name="graph">A graph whose image biases are fused.</param>
    /// <param name="capabilities">Whether an epilogue reads some columns of wider rows.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        if (!capabilities.SlicedRows || !capabilities.EpilogueImageBias) return graph;
        var editor = new GraphEditor(graph);
        HashSet<PlanTensor> added = [.. graph.Operations.OfType<GemmOperation>().Select(product => product.ImageBias?.Root).OfType<PlanTensor>()];
        IEnumerable<IGrouping<PlanTensor, GemmOperation>> bySource = graph.Operations.OfType<GemmOperation>()
            .Where(product => product.IsPlain && product.Output.Shape.Rank == 2 && added.Contains(product.Output) && editor.Reads(product.Output) == 1)
            .GroupBy(product => product.Segments[0].Source);
        foreach (GemmOperation[] products in bySource.Select(group => group.ToArray()).Where(group => group.Length > 1))
            JoinedProduct.Join(editor, products, products.Min(product => editor.ProducerIndex(product.Output)));
        return editor.ToGraph();
    }
}
