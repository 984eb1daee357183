using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>Fuses activations and rows added to each sample (the time embedding) into the preceding product.</summary>
internal static class JoinEpilogues
{
    /// <summary>The pass.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="capabilities">The supported epilogues.</param>
    public static Graph Apply(Graph graph, DeviceCapabilities capabilities)
    {
        var editor = new GraphEditor(graph);
        for (int i = 0; i < editor.Length; i++)
        {
            switch (editor[i])
            {
                case ActivateOperation activation when capabilities.EpilogueActivations.Contains(activation.Activation)
                    && editor.OpenProduct(activation.X) is { Activation: Activation.None } product
                    // No gated epilogue adds rows: values and gates are interleaved there.
                    && (activation.Activation != Activation.GeGlu || product.ImageBias is null):
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
