using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>A product read by a group norm computes the groups' statistics itself, so that the norm does not read the picture twice.</summary>
internal static class JoinStatistics
{
    /// <summary>The pass.</summary>
    /// <param name="graph">A graph whose concatenations are resolved.</param>
    /// <param name="capabilities">Whether products have this second output.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        var editor = new GraphEditor(graph);
        for (int i = 0; i < editor.Length && capabilities.ProductStatistics; i++)
        {
            if (editor[i] is not GroupNormOperation { X2: null, Statistics: null, X.IsWhole: true } norm) continue;
            if (editor.Producer(norm.X) is not GemmOperation { Statistics: null } product || product.Output != norm.X) continue;
            var statistics = new PlanTensor(new TensorShape(norm.X.Shape[0], 2 * norm.Groups), ValueRole.Float32);
            editor.Replace(editor.ProducerIndex(norm.X), product with { Statistics = statistics });
            editor.Replace(i, norm with { Statistics = statistics });
        }

        return editor.ToGraph();
    }
}
