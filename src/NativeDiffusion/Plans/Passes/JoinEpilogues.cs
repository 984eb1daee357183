using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>Joins activations and rows added to each sample (the time embedding) to the product before them.</summary>
internal static class JoinEpilogues
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">Which epilogues there are.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        var editor = new GraphEditor(graph);
        for (int i = 0; i < editor.Length; i++)
        {
            switch (editor[i])
            {
                case ActivateOperation activation when capabilities.EpilogueActivations.Contains(activation.Activation)
                    && editor.OpenProduct(activation.X) is { Activation: Activation.None } product:
                    editor.Remove(product);
                    editor.Replace(i, product with { Activation = activation.Activation, Output = activation.Output });
                    break;
                case AddOperation { IsBroadcast: true } add when capabilities.EpilogueImageBias
                    && editor.OpenProduct(add.A) is { Activation: Activation.None, ImageBias: null } product:
                    editor.Remove(product);
                    editor.Replace(i, product with { ImageBias = add.B, Output = add.Output });
                    break;
            }
        }

        return editor.ToGraph();
    }
}
